using System.Diagnostics;
using Redbark.Sync.Testing;

namespace Redbark.Sync.Bench.Accepts;

/// <summary>What the disk can do: one body after the other for each connection written together, then one fsync, as the journal does, and nothing else.</summary>
internal static class DiskBaseline
{
    /// <returns>Bodies a second.</returns>
    public static double Measure(byte[] body, int group, TimeSpan time)
    {
        using var directory = new TemporaryDirectory("bench-disk");
        using var file = File.OpenHandle(Path.Combine(directory.Path, "file"), FileMode.CreateNew, FileAccess.Write);
        var buffers = Enumerable.Repeat<ReadOnlyMemory<byte>>(body, group).ToList();
        var offset = 0L;
        var watch = Stopwatch.StartNew();
        for (; watch.Elapsed < time; offset += (long)body.Length * group)
        {
            RandomAccess.Write(file, buffers, offset);
            RandomAccess.FlushToDisk(file);
        }

        return offset / body.Length / watch.Elapsed.TotalSeconds;
    }
}
