namespace Redbark.Sync.Ingress.Journal;

/// <summary>Keeps copies of the bytes that the journal could not read, for a person to look at.</summary>
internal sealed class SetAside(string journalDirectory)
{
    public const string DirectoryName = "set-aside";

    public string Location { get; } = Path.Combine(journalDirectory, DirectoryName);

    /// <summary>Copies a part of a segment.</summary>
    /// <returns>The path of the copy; the same part always has the same.</returns>
    public string Keep(Segment segment, SegmentReader reader, long from, long to)
    {
        Directory.CreateDirectory(Location);
        var path = Path.Combine(Location, $"{Path.GetFileNameWithoutExtension(segment.Path)}-{from}-{to}.bytes");
        reader.CopyTo(path, from, to);
        return path;
    }
}
