using System.Diagnostics;

namespace Redbark.Sync.Standalone.Database;

/// <summary>Runs a program to its end and keeps what it printed.</summary>
internal static class ProgramRun
{
    public sealed record Result(int ExitCode, string Output, string Errors)
    {
        public string Printed => $"{Output}\n{Errors}".Trim();
    }

    public static Result Run(string program, IEnumerable<string> arguments)
    {
        using var process = Start(program, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Result(process.ExitCode, output, errors.GetAwaiter().GetResult());
    }

    /// <summary>The same; the program and what it started are killed when cancelled.</summary>
    public static async Task<Result> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        using var process = Start(program, arguments);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // What it began must not go on behind the back of whoever believes it ended.
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }

        return new Result(process.ExitCode, await output, await errors);
    }

    private static Process Start(string program, IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        }) ?? throw new PrivatePostgresException($"{program} could not be started.");
}
