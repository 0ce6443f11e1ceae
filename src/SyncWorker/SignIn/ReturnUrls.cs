namespace Redbark.Sync.Worker.SignIn;

/// <summary>Where to go after signing in: only to a page of this host.</summary>
internal static class ReturnUrls
{
    /// <summary>The address if it is a path here, else the start page.</summary>
    public static string Local(string? url) => IsLocal(url) ? url! : "/";

    // Browsers take // and /\ for another host, and drop tabs and line ends before they look.
    private static bool IsLocal(string? url) =>
        url is ['/', ..] and not ['/', '/' or '\\', ..] && !url.Any(char.IsControl) && !url.StartsWith(Access.SignInPath, StringComparison.OrdinalIgnoreCase);
}
