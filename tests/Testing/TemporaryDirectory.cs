namespace Redbark.Sync.Testing;

/// <summary>A directory that goes with the test.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    private const string Memory = "/dev/shm";
    private const long EnoughMemory = 4L << 30;

    public TemporaryDirectory(string name = "test")
        : this(Directory.CreateTempSubdirectory($"redbark-{name}-"))
    {
    }

    private TemporaryDirectory(DirectoryInfo directory) => Path = directory.FullName;

    public string Path { get; }

    /// <summary>
    /// One in memory, where the machine has such a place with room for 4 GiB; else as any other. For files that need not outlive the machine,
    /// and of which there are so many that a disk is slow with them: a database is some 900.
    /// </summary>
    public static TemporaryDirectory InMemory(string name)
    {
        if (!Directory.Exists(Memory) || new DriveInfo(Memory) is not { DriveFormat: "tmpfs", AvailableFreeSpace: >= EnoughMemory })
            return new TemporaryDirectory(name);
        var path = System.IO.Path.Combine(Memory, $"redbark-{name}-{System.IO.Path.GetRandomFileName()}");
        return new TemporaryDirectory(Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
