using System.Buffers.Binary;
using System.Globalization;

namespace Redbark.Sync.Ingress.Journal;

/// <summary>
/// One file of the journal: a header, then records of rising sequence. The file's name repeats what the header says, so that a
/// damaged header costs nothing.
/// </summary>
internal sealed class Segment(string path, long ordinal, ulong firstSequence, uint salt, long length)
{
    public const int HeaderLength = 32;
    public const string Extension = ".journal";

    private const ulong Magic = 0x4C4E524A53425252; // "RRBSJRNL"
    private const uint Version = 1;

    public string Path { get; } = path;

    /// <summary>Segments in the order in which they were made: a later one with the same first sequence replaces one whose write failed.</summary>
    public long Ordinal { get; } = ordinal;

    public ulong FirstSequence { get; } = firstSequence;

    public uint Salt { get; } = salt;

    /// <summary>Bytes that are known to be on disk. Guarded by the journal's lock.</summary>
    public long Length { get; set; } = length;

    public static string NameOf(long ordinal, ulong firstSequence, uint salt) =>
        string.Create(CultureInfo.InvariantCulture, $"{ordinal:D10}-{firstSequence:D20}-{salt:x8}{Extension}");

    /// <summary>Reads what a segment's name says; null when the file is not a segment.</summary>
    public static Segment? FromPath(string path)
    {
        var parts = System.IO.Path.GetFileNameWithoutExtension(path).Split('-');
        return parts.Length == 3
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            && ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && uint.TryParse(parts[2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var salt)
            ? new Segment(path, ordinal, first, salt, new FileInfo(path).Length)
            : null;
    }

    public byte[] Header()
    {
        var header = new byte[HeaderLength];
        BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), Salt);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(16), FirstSequence);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(24), Checksum.Of(header.AsSpan(0, 24)));
        return header;
    }

    /// <exception cref="InvalidDataException">The segment was written by a version of this program that is not known here.</exception>
    public bool HasHeader(ReadOnlySpan<byte> found)
    {
        if (found.SequenceEqual(Header()))
            return true;
        if (found.Length == HeaderLength
            && BinaryPrimitives.ReadUInt64LittleEndian(found) == Magic
            && BinaryPrimitives.ReadUInt32LittleEndian(found[24..]) == Checksum.Of(found[..24])
            && BinaryPrimitives.ReadUInt32LittleEndian(found[8..]) is var version and not Version)
            throw new InvalidDataException($"{Path} has journal format {version}; this program reads format {Version}.");
        return false;
    }
}
