namespace Redbark.Sync.Testing;

/// <summary>A directory that goes with the test.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public TemporaryDirectory(string name = "test") => Path = Directory.CreateTempSubdirectory($"redbark-{name}-").FullName;

    public string Path { get; }

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
