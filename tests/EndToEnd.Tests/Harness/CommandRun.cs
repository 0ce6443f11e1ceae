using System.Diagnostics;

namespace Redbark.Sync.EndToEnd.Tests.Harness;

/// <summary>What a <c>redbark-sync</c> command returned and printed.</summary>
internal sealed record CommandRun(int ExitCode, string Printed, string Said)
{
    /// <summary>What was printed to standard output, then what was said on standard error.</summary>
    public string Output => Printed + Said;

    public static Task<CommandRun> StartAsync(Dictionary<string, string> settings, params string[] arguments) => StartAsync(settings, input: "", arguments);

    public static async Task<CommandRun> StartAsync(Dictionary<string, string> settings, string input, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "redbark-sync.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;

        using var process = Process.Start(start) ?? throw new InvalidOperationException("redbark-sync could not be started.");
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CommandRun(process.ExitCode, await output, await errors);
    }
}
