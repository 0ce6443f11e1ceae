using System.Diagnostics;

namespace Redbark.Sync.Worker.Tests.Export.Support;

/// <summary>Runs <c>hledger</c>, <c>bean-check</c> or <c>bean-query</c>, which read what was exported.</summary>
internal static class PlainTextProgram
{
    public static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C.UTF-8", ["BEANCOUNT_DISABLE_LOAD_CACHE"] = "1", ["COLUMNS"] = "1000" },
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} could not be started.");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, $"{await output}{await errors}");
    }

    /// <summary>Runs one that must succeed.</summary>
    public static async Task<string> ReadAsync(string program, params string[] arguments)
    {
        var (exitCode, output) = await RunAsync(program, arguments);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)}: {exitCode}\n{output}");
        return output;
    }
}
