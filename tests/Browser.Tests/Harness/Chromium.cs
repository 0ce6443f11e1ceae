using Microsoft.Playwright;

namespace Redbark.Sync.Browser.Tests.Harness;

/// <summary>The machine's own Chromium: nothing is downloaded for the tests.</summary>
internal static class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

    // It may run as root, and must not look for anything outside the machine by itself.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) =>
        playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Find(), Args = Arguments });

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("REDBARK_TEST_CHROMIUM") is { Length: > 0 } named)
            return named;
        var directories = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return Names.SelectMany(name => directories.Select(directory => Path.Combine(directory, name))).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("There is no Chromium: ./redbark setup installs it, or REDBARK_TEST_CHROMIUM names its program.");
    }
}
