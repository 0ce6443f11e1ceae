using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Redbark.Sync.Ingress.Journal;

/// <summary>The disk.</summary>
internal sealed partial class DiskFiles : IJournalFiles
{
    public ISegmentFile Create(string path) =>
        new DiskFile(File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read));

    public void FlushDirectory(string path)
    {
        // .NET does not open directories; on Windows the file system's own log keeps their entries.
        if (OperatingSystem.IsWindows())
            return;

        var descriptor = Open(path, flags: 0);
        if (descriptor < 0)
            throw new IOException($"Cannot open {path}: {Marshal.GetLastPInvokeErrorMessage()}");
        try
        {
            if (Flush(descriptor) < 0)
                throw new IOException($"Cannot flush {path}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    private sealed class DiskFile(SafeFileHandle handle) : ISegmentFile
    {
        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long offset) => RandomAccess.Write(handle, buffers, offset);

        public void Flush() => RandomAccess.FlushToDisk(handle);

        public void Truncate(long length) => RandomAccess.SetLength(handle, length);

        public void Dispose() => handle.Dispose();
    }
}
