using Redbark.Sync.Ingress.Journal;
using Redbark.Sync.Testing;

namespace Redbark.Sync.Ingress.Tests;

public sealed class JournalTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new("journal");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_is_appended_is_read_back_whole_after_reopening()
    {
        var entry = JournalDriver.Entry("my-feed");
        byte[] body = [0, 1, 2, 255, .. "RBR1"u8, 0];
        using (var journal = new JournalDriver(_directory.Path))
        {
            Assert.Equal(1ul, (await journal.Journal.AppendAsync(entry, body)).Sequence);
            Assert.Equal(2ul, (await journal.Journal.AppendAsync(entry with { TraceParent = null }, default)).Sequence);
        }

        using var reopened = new JournalDriver(_directory.Path);
        using var cursor = reopened.Journal.ReadFrom(1);
        using var first = cursor.Read()!;
        Assert.Equivalent(entry, first.Entry, strict: true);
        Assert.Equal(body, first.Body.ToArray());
        using var second = cursor.Read()!;
        Assert.Null(second.Entry.TraceParent);
        Assert.Equal(0, second.BodyLength);
        Assert.Null(cursor.Read());
    }

    [Fact]
    public async Task The_time_of_receipt_is_the_time_in_the_id()
    {
        var now = new DateTimeOffset(2026, 11, 21, 8, 50, 1, 234, TimeSpan.Zero);
        var entry = JournalDriver.Entry() with { Id = Guid.CreateVersion7(now) };
        using var journal = new JournalDriver(_directory.Path);
        await journal.Journal.AppendAsync(entry, default);
        using var cursor = journal.Journal.ReadFrom(1);
        using var record = cursor.Read()!;
        Assert.Equal(now, record.Entry.ReceivedAt);
    }

    [Fact]
    public async Task A_thousand_writers_at_once_are_each_found_once()
    {
        Stored[] stored;
        var files = new FaultyFiles();
        using (var journal = new JournalDriver(_directory.Path, options => options.SegmentBytes = 64 << 10, files))
            stored = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => Task.Run(() => journal.AppendAsync(new byte[i]))));

        Assert.InRange(files.Flushes, 1, 900);
        using var reopened = new JournalDriver(_directory.Path);
        Assert.Equal(stored.OrderBy(record => record.Sequence), reopened.ReadAll());
        Assert.Equal(1000, stored.DistinctBy(record => record.Sequence).Count());
        Assert.True(Directory.GetFiles(_directory.Path, "*.journal").Length > 5);
    }

    [Fact]
    public async Task A_body_larger_than_a_segment_has_a_segment_of_its_own()
    {
        using var journal = new JournalDriver(_directory.Path, options => options.SegmentBytes = 64 << 10);
        List<Stored> stored = [await journal.AppendAsync([1]), await journal.AppendAsync(new byte[300_000]), await journal.AppendAsync([2])];
        Assert.Equal(stored, journal.ReadAll());
        Assert.Equal(3, Directory.GetFiles(_directory.Path, "*.journal").Length);
    }

    [Fact]
    public async Task A_reader_sees_nothing_that_is_not_on_disk()
    {
        using var flushing = new SemaphoreSlim(0);
        using var mayFlush = new ManualResetEventSlim(true);
        var files = new FaultyFiles();
        using var journal = new JournalDriver(_directory.Path, files: files);
        files.BeforeFlush = () =>
        {
            flushing.Release();
            mayFlush.Wait();
        };
        mayFlush.Reset();
        var append = journal.AppendAsync([1]);
        await flushing.WaitAsync();
        Assert.Empty(journal.ReadAll());
        Assert.False(append.IsCompleted);

        mayFlush.Set();
        var stored = await append;
        Assert.Equal([stored], journal.ReadAll());
    }

    [Fact]
    public async Task What_waits_while_the_disk_is_busy_goes_out_in_one_flush()
    {
        using var flushing = new SemaphoreSlim(0);
        using var mayFlush = new ManualResetEventSlim(false);
        var files = new FaultyFiles();
        using var journal = new JournalDriver(_directory.Path, files: files);
        files.BeforeFlush = () =>
        {
            flushing.Release();
            mayFlush.Wait();
        };
        var before = files.Flushes;
        var first = journal.AppendAsync([0]);
        await flushing.WaitAsync();
        var rest = Enumerable.Range(1, 50).Select(i => journal.AppendAsync([(byte)i])).ToList();
        mayFlush.Set();
        await first;
        await Task.WhenAll(rest);
        Assert.Equal(2, files.Flushes - before);
    }

    [Fact]
    public async Task More_than_may_wait_is_refused_at_once()
    {
        using var mayFlush = new ManualResetEventSlim(true);
        var files = new FaultyFiles();
        using var journal = new JournalDriver(_directory.Path, options => options.MaxBytesWaiting = 10_000, files);
        files.BeforeFlush = mayFlush.Wait;
        mayFlush.Reset();
        var appends = Enumerable.Range(0, 10).Select(_ => journal.AppendAsync(new byte[4000])).ToList();
        var refused = await Assert.ThrowsAsync<JournalUnavailableException>(() => appends[^1]);
        Assert.Equal(JournalUnavailableException.Busy, refused.Reason);

        mayFlush.Set();
        await Task.WhenAll(appends).ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.Equal(appends.Count(append => append.IsCompletedSuccessfully), journal.ReadAll().Count);
    }

    [Fact]
    public void A_second_process_on_one_directory_fails_with_a_clear_message()
    {
        using var first = new JournalDriver(_directory.Path);
        var error = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => new JournalDriver(_directory.Path));
        Assert.StartsWith("Journal:Directory: expected a directory that can be written and that no other process uses, found", error.Message, StringComparison.Ordinal);
        Assert.Contains("being used by another process", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_position_survives_a_restart_and_a_half_written_slot()
    {
        using (var journal = new JournalDriver(_directory.Path))
        {
            for (var i = 0; i < 5; i++)
                await journal.AppendAsync([1]);
            journal.Journal.SavePublished(3);
            journal.Journal.SavePublished(4);
        }

        using (var journal = new JournalDriver(_directory.Path))
            Assert.Equal(4ul, journal.Journal.Published);

        // The second save is in the first slot, as generations count from 1.
        var path = Path.Combine(_directory.Path, RelayPosition.FileName);
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[8] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        using (var journal = new JournalDriver(_directory.Path))
            Assert.Equal(3ul, journal.Journal.Published);

        await File.WriteAllBytesAsync(path, new byte[5000]);
        using (var journal = new JournalDriver(_directory.Path))
        {
            Assert.Equal(1ul, journal.Journal.Published);
            Assert.Contains(journal.Logs.All, line => line.Contains("everything in the journal is published again", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Published_segments_are_deleted_after_the_retention_and_not_before()
    {
        var clock = new MovableClock();
        using var journal = new JournalDriver(_directory.Path, options => options.SegmentBytes = 64 << 10, clock: clock);
        for (var i = 0; i < 4; i++)
            await journal.AppendAsync(new byte[60_000]);

        journal.Journal.SavePublished(4);
        Assert.Equal(4, journal.ReadAll().Count);

        clock.Offset = TimeSpan.FromDays(8);
        journal.Journal.SavePublished(3);
        Assert.Equal([3ul, 4ul], journal.ReadAll(3).Select(record => record.Sequence));
        Assert.Equal(2, Directory.GetFiles(_directory.Path, "*.journal").Length);
        Assert.Equal(Directory.GetFiles(_directory.Path, "*.journal").Sum(path => new FileInfo(path).Length), journal.Journal.TotalBytes);
    }

    [Fact]
    public async Task At_the_cap_deliveries_are_refused_until_something_is_published()
    {
        using var journal = new JournalDriver(_directory.Path, options =>
        {
            options.SegmentBytes = 64 << 10;
            options.MaxBytes = 200_000;
        });
        for (var i = 0; i < 3; i++)
            await journal.AppendAsync(new byte[60_000]);

        var refused = await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.AppendAsync(new byte[60_000]));
        Assert.Equal(JournalUnavailableException.Full, refused.Reason);
        Assert.NotNull(journal.Journal.Trouble);
        Assert.Equal(4ul, (await journal.AppendAsync([1])).Sequence);

        journal.Journal.SavePublished(3);
        Assert.Equal(5ul, (await journal.AppendAsync(new byte[60_000])).Sequence);
        Assert.Null(journal.Journal.Trouble);
        Assert.Equal([3ul, 4ul, 5ul], journal.ReadAll(3).Select(record => record.Sequence));
    }

    [Fact]
    public async Task A_journal_of_another_format_is_refused()
    {
        using (var journal = new JournalDriver(_directory.Path))
            await journal.AppendAsync([1]);
        var path = Assert.Single(Directory.GetFiles(_directory.Path, "*.journal"));
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[8] = 2;
        BitConverter.TryWriteBytes(bytes.AsSpan(24), Checksum.Of(bytes.AsSpan(0, 24)));
        await File.WriteAllBytesAsync(path, bytes);
        var error = Assert.Throws<InvalidDataException>(() => new JournalDriver(_directory.Path));
        Assert.Contains("format 2; this program reads format 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_checksum_is_CRC_32C() => Assert.Equal(0xE3069283u, Checksum.Of("123456789"u8));
}
