namespace Redbark.Sync.Testing;

/// <summary>The checkout that the running test was built in.</summary>
public static class Repository
{
    /// <summary>The directory that holds <c>Redbark.Sync.sln</c>.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string directory) =>
        File.Exists(Path.Combine(directory, "Redbark.Sync.sln"))
            ? directory
            : Find(Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("Redbark.Sync.sln was not found above the test's directory."));
}
