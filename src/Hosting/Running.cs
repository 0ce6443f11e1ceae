using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;

namespace Redbark.Sync.Hosting;

/// <summary>How a host's program runs.</summary>
public static class Running
{
    /// <summary>Runs until the host is told to stop. Wrong configuration is said on standard error, a line a fault, without a stack.</summary>
    /// <returns>The exit code: 0, or 2 when the configuration is wrong.</returns>
    public static async Task<int> RunToEndAsync(this WebApplication app)
    {
        try
        {
            await app.RunAsync();
            return Environment.ExitCode;
        }
        catch (OptionsValidationException invalid)
        {
            foreach (var failure in invalid.Failures)
                await Console.Error.WriteLineAsync(failure);
            return 2;
        }
    }
}
