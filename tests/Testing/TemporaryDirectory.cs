using System.Globalization;
using System.Text.RegularExpressions;

namespace Redbark.Sync.Testing;

/// <summary>A directory that goes with the test.</summary>
public sealed partial class TemporaryDirectory : IDisposable
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
    /// One in memory, where the machine has such a place and 4 GiB are free, of it and of the memory; else as any other. For files that need not outlive the machine,
    /// and of which there are so many that a disk is slow with them: a database is some 900.
    /// </summary>
    public static TemporaryDirectory InMemory(string name)
    {
        if (!Directory.Exists(Memory) || new DriveInfo(Memory) is not { DriveFormat: "tmpfs", AvailableFreeSpace: >= EnoughMemory } || AvailableMemory() < EnoughMemory)
            return new TemporaryDirectory(name);
        var path = System.IO.Path.Combine(Memory, $"redbark-{name}-{Environment.ProcessId}-{System.IO.Path.GetRandomFileName()}");
        return new TemporaryDirectory(Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    /// <summary>Removes what processes that were killed left in memory: unlike on a disk it is missed. A server that still runs there ends when it sees that its files are gone.</summary>
    /// <param name="place">Where to look.</param>
    public static void RemoveAbandoned(string place = Memory)
    {
        if (!Directory.Exists(place))
            return;
        foreach (var path in Directory.EnumerateDirectories(place, "redbark-*"))
        {
            if (OfProcess().Match(System.IO.Path.GetFileName(path)) is not { Success: true } name || Directory.Exists($"/proc/{name.Groups["process"].Value}"))
                continue;
            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Another user's, or somebody was quicker.
            }
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }

    /// <summary>What the kernel says it can give without swapping; nothing where it does not say.</summary>
    private static long AvailableMemory() => !File.Exists("/proc/meminfo") ? 0 : File.ReadLines("/proc/meminfo")
        .Where(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10).SingleOrDefault();

    [GeneratedRegex(@"^redbark-.+-(?<process>[0-9]+)-[a-z0-9]{8}\.[a-z0-9]{3}$")]
    private static partial Regex OfProcess();
}
