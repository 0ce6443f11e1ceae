using System.Globalization;
using Microsoft.Extensions.Options;

namespace Redbark.Sync.Worker.SignIn;

/// <summary>How people sign in: <c>Console:*</c>.</summary>
internal sealed class ConsoleOptions
{
    public const string PasswordHashKey = "Console:PasswordHash";
    public const string SessionLengthKey = "Console:SessionLength";
    public const string KeysDirectoryKey = "Console:KeysDirectory";

    /// <summary>What <see cref="PasswordHashes"/> made of the password; null where nobody signs in with one.</summary>
    public string? PasswordHash { get; private set; }

    /// <summary>How long a session lasts, whatever happens in it.</summary>
    public TimeSpan SessionLength { get; private set; } = TimeSpan.FromHours(12);

    /// <summary>Where the keys of sessions are kept; null for the database.</summary>
    public string? KeysDirectory { get; private set; }

    public List<string> Problems { get; } = [];

    public static void Read(ConsoleOptions options, IConfiguration configuration)
    {
        if (configuration[PasswordHashKey] is { Length: > 0 } hash)
        {
            options.PasswordHash = hash;
            if (!PasswordHashes.IsUsable(hash))
                options.Problems.Add($"{PasswordHashKey}: expected what 'redbark-sync set-password' prints, found something else.");
        }

        if (configuration[SessionLengthKey] is { } length)
        {
            if (TimeSpan.TryParse(length, CultureInfo.InvariantCulture, out var span) && span >= TimeSpan.FromMinutes(1) && span <= TimeSpan.FromDays(30))
                options.SessionLength = span;
            else
                options.Problems.Add($"{SessionLengthKey}: expected a time span from 00:01:00 to 30.00:00:00, found '{length}'.");
        }

        if (configuration[KeysDirectoryKey] is { Length: > 0 } directory)
            options.KeysDirectory = Path.GetFullPath(directory);
    }
}

/// <summary>Says which key is wrong, what was found and what is expected; never a hash.</summary>
internal sealed class ConsoleOptionsValidator : IValidateOptions<ConsoleOptions>
{
    public ValidateOptionsResult Validate(string? name, ConsoleOptions options) =>
        options.Problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Problems);
}
