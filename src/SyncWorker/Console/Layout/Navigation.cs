using System.Reflection;

namespace Redbark.Sync.Worker.Console.Layout;

/// <summary>The pages that the navigation names, in its order.</summary>
internal static class Navigation
{
    public static readonly IReadOnlyList<NavigationItem> Items =
    [
        new("/", "Overview"),
        new("/quarantine", "Quarantine"),
        new("/suggestions", "Suggestions"),
        new("/jobs", "Jobs"),
        new("/audit", "Audit log"),
        new("/settings", "Settings"),
    ];

    /// <summary>Whether there is such a page, or one above it.</summary>
    public static bool Has(string path) => Items.Any(item => item.Path != "/" && item.IsCurrent(path.Split('?')[0]));

    /// <summary>Whether the scheduler that was built in shows pages of its own.</summary>
    public static readonly bool HasDashboard =
        Assembly.GetExecutingAssembly().GetReferencedAssemblies().Any(assembly => assembly.Name == "Hangfire.AspNetCore");
}

/// <summary>A page, and where it is.</summary>
internal sealed record NavigationItem(string Path, string Text)
{
    public bool IsCurrent(string path) => Path == "/" ? path == "/" : path == Path || path.StartsWith($"{Path}/", StringComparison.Ordinal);
}
