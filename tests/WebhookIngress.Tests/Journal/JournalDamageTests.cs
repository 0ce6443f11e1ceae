using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging;
using Redbark.Sync.Ingress.Journal;
using Redbark.Sync.Testing;

namespace Redbark.Sync.Ingress.Tests;

public sealed class JournalDamageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new("journal");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_torn_tail_is_cut_at_start_wherever_it_is_torn()
    {
        var (stored, files) = await WriteAsync([10, 300, 90], segmentBytes: 1 << 20);
        var (name, bytes) = Assert.Single(files);
        var ends = Extents(files).Select(extent => extent.To).ToList();
        for (var length = (int)ends[1] + 1; length < bytes.Length; length++)
        {
            using var copy = Copy(files, name, bytes[..length]);
            using var journal = new JournalDriver(copy.Path);
            Assert.Equal(stored[..2], journal.ReadAll());
            Assert.Contains(journal.Logs.AtLeast(LogLevel.Warning), line => line.Contains($"Cut {length - ends[1]} bytes", StringComparison.Ordinal));
            Assert.Equal(length - ends[1], new FileInfo(Assert.Single(Directory.GetFiles(Path.Combine(copy.Path, SetAside.DirectoryName)))).Length);

            var next = await journal.AppendAsync([7]);
            Assert.Equal(3ul, next.Sequence);
            Assert.Equal([.. stored[..2], next], journal.ReadAll());
        }
    }

    [Fact]
    public async Task A_bad_record_in_the_middle_is_set_aside_and_the_rest_read_on()
    {
        var (stored, files) = await WriteAsync([10, 300, 90, 20], segmentBytes: 1 << 20);
        var (name, bytes) = files[0];
        var second = Extents(files)[1];
        foreach (var at in new[] { second.From, second.From + 9, second.From + 30, second.To - 1 })
        {
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= 0x10;
            using var copy = Copy(files, name, damaged);
            using var journal = new JournalDriver(copy.Path);
            Assert.Equal([stored[0], stored[2], stored[3]], journal.ReadAll());
            Assert.Contains(journal.Logs.AtLeast(LogLevel.Error), line => line.Contains("records 2 to 2", StringComparison.Ordinal));
            var aside = Assert.Single(Directory.GetFiles(Path.Combine(copy.Path, SetAside.DirectoryName)));
            Assert.Equal(damaged[(int)second.From..(int)second.To], await File.ReadAllBytesAsync(aside));
        }
    }

    [Fact]
    public async Task A_body_that_holds_a_record_is_not_taken_for_one()
    {
        var (_, files) = await WriteAsync([40], segmentBytes: 1 << 20);
        var record = files[0].Bytes[Segment.HeaderLength..];
        using var other = new TemporaryDirectory("journal");
        Stored last;
        using (var journal = new JournalDriver(other.Path))
        {
            await journal.AppendAsync(record);
            last = await journal.AppendAsync([1]);
        }

        var path = Directory.GetFiles(other.Path, "*.journal").Single();
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[Segment.HeaderLength] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        using var reopened = new JournalDriver(other.Path);
        Assert.Equal([last], reopened.ReadAll());
    }

    /// <summary>I1 under damage: what is whole is found, what is found is true, and what is missing is said.</summary>
    [Fact]
    public async Task No_damage_loses_a_whole_record_or_changes_one_or_goes_unsaid()
    {
        var (stored, files) = await WriteAsync([0, 700, 20, 1500, 64, 3000, 1, 900, 33, 2048, 5, 400], segmentBytes: 4096);
        var extents = Extents(files);
        Assert.True(files.Count >= 3);
        var damages =
            from file in Gen.Choose(0, files.Count - 1)
            from at in Gen.Choose(0, files[file].Bytes.Length - 1)
            from length in Gen.OneOf(Gen.Choose(1, 4), Gen.Choose(1, 2000))
            from kind in Gen.Elements(Enum.GetValues<Kind>())
            from seed in Gen.Choose(0, int.MaxValue)
            select new Damage(file, at, Math.Min(length, files[file].Bytes.Length - at), kind, seed);

        Prop.ForAll(damages.ToArbitrary(), damage =>
        {
            var (name, bytes) = files[damage.File];
            using var copy = Copy(files, name, damage.Apply(bytes));
            using var journal = new JournalDriver(copy.Path);
            var found = journal.ReadAll();

            var touched = extents.Select(extent => extent.File == damage.File && damage.Touches(extent.From, extent.To)).ToList();
            Assert.All(found, record => Assert.Contains(record, stored));
            Assert.Equal(found.OrderBy(record => record.Sequence).DistinctBy(record => record.Sequence), found);
            var lost = stored.Except(found).ToList();
            Assert.All(lost, record => Assert.True(touched[stored.IndexOf(record)], $"record {record.Sequence} was whole"));

            // A file that ends after a whole record looks like one to which nothing more was written.
            var unseen = damage.Kind == Kind.Cut && damage.File == files.Count - 1
                && (damage.At == Segment.HeaderLength || extents.Any(extent => extent.File == damage.File && extent.To == damage.At));
            if (lost.Count > 0 && !unseen)
                Assert.NotEmpty(journal.Logs.AtLeast(LogLevel.Warning));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    private async Task<(List<Stored> Stored, List<(string Name, byte[] Bytes)> Files)> WriteAsync(int[] lengths, long segmentBytes)
    {
        var random = new Random(42);
        var stored = new List<Stored>();
        using (var journal = new JournalDriver(_directory.Path, options => options.SegmentBytes = segmentBytes))
        {
            foreach (var length in lengths)
            {
                var body = new byte[length];
                random.NextBytes(body);
                stored.Add(await journal.AppendAsync(body));
            }
        }

        var files = Directory.GetFiles(_directory.Path, "*.journal").Order().Select(path => (Path.GetFileName(path), File.ReadAllBytes(path))).ToList();
        return (stored, files);
    }

    private static List<(int File, long From, long To)> Extents(List<(string Name, byte[] Bytes)> files)
    {
        var extents = new List<(int, long, long)>();
        for (var file = 0; file < files.Count; file++)
        {
            var bytes = files[file].Bytes.AsSpan();
            for (var from = Segment.HeaderLength; from < bytes.Length;)
            {
                var to = from + BitConverter.ToInt32(bytes[(from + 8)..]) + BitConverter.ToInt32(bytes[(from + 12)..]);
                extents.Add((file, from, to));
                from = to;
            }
        }

        return extents;
    }

    private static TemporaryDirectory Copy(List<(string Name, byte[] Bytes)> files, string changed, byte[] to)
    {
        var copy = new TemporaryDirectory("journal-copy");
        foreach (var (name, bytes) in files)
            File.WriteAllBytes(Path.Combine(copy.Path, name), name == changed ? to : bytes);
        return copy;
    }

    private enum Kind
    {
        Flip,
        Zero,
        Noise,
        Remove,
        Insert,
        Cut,
    }

    private sealed record Damage(int File, int At, int Length, Kind Kind, int Seed)
    {
        public byte[] Apply(byte[] bytes)
        {
            var noise = new byte[Length];
            new Random(Seed).NextBytes(noise);
            var (before, hit, after) = (bytes[..At], bytes[At..(At + Length)], bytes[(At + Length)..]);
            return Kind switch
            {
                Kind.Flip => [.. before, (byte)(hit[0] ^ (1 << (Seed % 8))), .. hit[1..], .. after],
                Kind.Zero => [.. before, .. new byte[Length], .. after],
                Kind.Noise => [.. before, .. noise, .. after],
                Kind.Remove => [.. before, .. after],
                Kind.Insert => [.. before, .. noise, .. hit, .. after],
                _ => before,
            };
        }

        public bool Touches(long from, long to) => Kind switch
        {
            Kind.Flip => At >= from && At < to,
            Kind.Insert => At > from && At < to,
            Kind.Cut => to > At,
            _ => At < to && At + Length > from,
        };
    }
}
