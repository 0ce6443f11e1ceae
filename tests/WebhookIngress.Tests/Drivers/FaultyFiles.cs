using Redbark.Sync.Ingress.Journal;

namespace Redbark.Sync.Ingress.Tests;

/// <summary>A disk that fails when told to.</summary>
internal sealed class FaultyFiles : IJournalFiles
{
    private const int NoSpace = 28;
    private readonly DiskFiles _disk = new();

    /// <summary>Writes put half of their bytes on disk and then fail, and no file can be made.</summary>
    public volatile bool IsFull;

    /// <summary>This many flushes fail.</summary>
    public int FlushesToFail;

    public volatile bool CannotTruncate;

    public int Flushes;

    /// <summary>Is called before each flush.</summary>
    public Action BeforeFlush = () => { };

    public ISegmentFile Create(string path) =>
        IsFull ? throw new IOException("No space left on device", NoSpace) : new FaultyFile(this, _disk.Create(path));

    public void FlushDirectory(string path) => _disk.FlushDirectory(path);

    private sealed class FaultyFile(FaultyFiles disk, ISegmentFile file) : ISegmentFile
    {
        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long offset)
        {
            if (disk.IsFull)
            {
                var bytes = buffers.SelectMany(buffer => buffer.ToArray()).ToArray();
                file.Write([bytes.AsMemory(0, bytes.Length / 2)], offset);
                throw new IOException("No space left on device", NoSpace);
            }

            file.Write(buffers, offset);
        }

        public void Flush()
        {
            disk.BeforeFlush();
            file.Flush();
            Interlocked.Increment(ref disk.Flushes);
            if (Interlocked.Decrement(ref disk.FlushesToFail) >= 0)
                throw new IOException("Input/output error");
        }

        public void Truncate(long length)
        {
            if (disk.CannotTruncate)
                throw new IOException("Input/output error");
            file.Truncate(length);
        }

        public void Dispose() => file.Dispose();
    }
}
