namespace Redbark.Sync.Ingress.Journal;

/// <summary>How the journal writes files; a seam for tests, which make disks fail.</summary>
internal interface IJournalFiles
{
    /// <summary>Makes a file that must not be there yet.</summary>
    ISegmentFile Create(string path);

    /// <summary>Puts a directory's entries on disk: a new file is lost without it.</summary>
    void FlushDirectory(string path);
}

/// <summary>A segment that is being written.</summary>
internal interface ISegmentFile : IDisposable
{
    /// <summary>Writes the buffers one after the other, starting at an offset.</summary>
    void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long offset);

    /// <summary>Returns when everything written is on disk.</summary>
    void Flush();

    void Truncate(long length);
}
