using System.CommandLine;
using Redbark.Sync.Standalone.Hosting;

namespace Redbark.Sync.Standalone.Commands;

/// <summary>What the commands share.</summary>
internal static class CommandExtensions
{
    /// <summary>
    /// Sets a command's work. Words of the form <c>--Section:Key=value</c> that no option takes are settings; misuse is said in one
    /// line and returns <see cref="ExitCodes.Misused"/>, silence of the process <see cref="ExitCodes.Unreachable"/>.
    /// </summary>
    public static void SetHandler(this Command command, Func<ParseResult, IConfiguration, CancellationToken, Task<int>> handler)
    {
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (given, cancellation) =>
        {
            try
            {
                return await handler(given, Load(given), cancellation);
            }
            catch (UsageException misuse)
            {
                Console.Error.WriteLine($"redbark-sync {command.Name}: {misuse.Message}");
                return ExitCodes.Misused;
            }
            catch (ApiSilentException silence)
            {
                Console.Error.WriteLine($"redbark-sync {command.Name}: {silence.Message}");
                return ExitCodes.Unreachable;
            }
        });
    }

    private static IConfiguration Load(ParseResult given)
    {
        try
        {
            return StandaloneConfiguration.Load(given.Settings());
        }
        catch (InvalidDataException unreadable)
        {
            throw new UsageException($"{unreadable.Message} {unreadable.InnerException?.Message}");
        }
    }

    /// <exception cref="UsageException">A word is neither an option nor a setting.</exception>
    public static string[] Settings(this ParseResult given) => [.. given.UnmatchedTokens.Select(word =>
        word.StartsWith("--", StringComparison.Ordinal) && word.Contains('=') ? word
            : throw new UsageException($"'{word}' is neither an option nor a setting (--Section:Key=value)."))];
}
