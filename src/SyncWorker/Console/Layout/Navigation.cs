using System.Reflection;
using Microsoft.AspNetCore.Components;

namespace Redbark.Sync.Worker.Console.Layout;

/// <summary>The pages that the navigation names, in its order.</summary>
internal static class Navigation
{
    public static readonly IReadOnlyList<NavigationItem> Items =
    [
        new("/", "Overview"),
        new("/accounts", "Accounts"),
        new("/trades", "Trades"),
        new("/positions", "Positions"),
        new("/deliveries", "Deliveries"),
        new("/runs", "Runs"),
        new("/gaps", "Gaps"),
        new("/quarantine", "Quarantine"),
        new("/suggestions", "Suggestions"),
        new("/operations", "Operations"),
        new("/jobs", "Jobs"),
        new("/audit", "Audit log"),
        new("/settings", "Settings"),
    ];

    private static readonly HashSet<string> Sections =
        [.. Assembly.GetExecutingAssembly().GetTypes().SelectMany(type => type.GetCustomAttributes<RouteAttribute>()).Select(route => SectionOf(route.Template))];

    /// <summary>Whether there are pages below the first part of a path, named here or not.</summary>
    public static bool Has(string path) => SectionOf(path) is { Length: > 0 } section && Sections.Contains(section);

    private static string SectionOf(string path) => path.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault("");

    /// <summary>Whether the scheduler that was built in shows pages of its own.</summary>
    public static readonly bool HasDashboard =
        Assembly.GetExecutingAssembly().GetReferencedAssemblies().Any(assembly => assembly.Name == "Hangfire.AspNetCore");
}

/// <summary>A page, and where it is.</summary>
internal sealed record NavigationItem(string Path, string Text)
{
    public bool IsCurrent(string path) => Path == "/" ? path == "/" : path == Path || path.StartsWith($"{Path}/", StringComparison.Ordinal);
}
