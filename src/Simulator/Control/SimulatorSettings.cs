using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.OpenBanking.Revolut;
using Redbark.Sync.Simulator.OpenBanking.TokenIo;
using Redbark.Sync.Simulator.Rest;
using Redbark.Sync.Simulator.Webhooks;

namespace Redbark.Sync.Simulator.Control;

/// <summary>A setting cannot be used.</summary>
internal sealed class SimulatorSettingException(string message) : Exception(message);

/// <summary>Reads the program's options from configuration: <c>--rows 500</c> or <c>Rows=500</c> in the environment.</summary>
internal static class SimulatorSettings
{
    public const int DefaultPort = 5300;

    /// <exception cref="SimulatorSettingException">A value cannot be used; the message names the key, what was found and what is expected.</exception>
    public static SimulatorOptions Read(IConfiguration settings)
    {
        var bank = new BankOptions();
        return new SimulatorOptions
        {
            Bank = bank with
            {
                Seed = Number(settings, "Seed", bank.Seed, int.MinValue),
                Accounts = Number(settings, "Accounts", bank.Accounts, 1),
                Rows = Number(settings, "Rows", bank.Rows, 0),
                PendingRows = Number(settings, "PendingRows", bank.PendingRows, 0),
                Trades = Number(settings, "Trades", bank.Trades, 0),
                Days = Number(settings, "Days", bank.Days, 1),
                TimeZone = Zone(settings, bank.TimeZone),
                Quirks = Choice(settings, "Quirks", bank.Quirks),
            },
            Destination = Destination(settings),
            Sender = new SenderOptions
            {
                AutoDisable = Choice(settings, "AutoDisable", AutoDisable.Never),
                ContinueAfterFailedChunk = Flag(settings, "ContinueAfterFailedChunk"),
                CountsPerRun = Flag(settings, "CountsPerRun"),
                NewEventIdPerAttempt = Flag(settings, "NewEventIdPerAttempt"),
            },
            Rest = new RestOptions { ApiKey = settings["ApiKey"] ?? new RestOptions().ApiKey },
            Revolut = Revolut(settings, Number(settings, "Accounts", bank.Accounts, 1)),
            TokenIo = TokenIo(settings, Number(settings, "Accounts", bank.Accounts, 1)),
        };
    }

    public static int Port(IConfiguration settings) => Number(settings, "Port", DefaultPort, 0);

    private static Destination? Destination(IConfiguration settings)
    {
        if (settings["Destination"] is not { Length: > 0 } url)
            return null;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new SimulatorSettingException($"Destination: found '{url}', expected an http:// or https:// URL.");
        if (settings["Secret"] is not { Length: > 0 } secret)
            throw new SimulatorSettingException("Secret: found nothing, expected the signing secret of the destination.");
        return new Destination { Url = uri, Secrets = [secret], IncludePending = Flag(settings, "IncludePending"), Thin = Flag(settings, "Thin") };
    }

    private static RevolutOptions? Revolut(IConfiguration settings, int accounts)
    {
        var (options, grant) = (new RevolutOptions(), new RevolutGrant());
        return AccountNumbers(settings, "Revolut", accounts) is not { Count: > 0 } numbers ? null : options with
        {
            Accounts = [.. numbers.Select(number => new RevolutAccount(number))],
            ClientId = settings["RevolutClientId"] ?? options.ClientId,
            Grants =
            [
                grant with { ConsentId = settings["RevolutConsent"] ?? grant.ConsentId, RefreshToken = settings["RevolutRefreshToken"] ?? grant.RefreshToken },
            ],
        };
    }

    private static TokenIoOptions? TokenIo(IConfiguration settings, int accounts)
    {
        var (options, grant) = (new TokenIoOptions(), new TokenIoGrant());
        return AccountNumbers(settings, "TokenIo", accounts) is not { Count: > 0 } numbers ? null : options with
        {
            Accounts = numbers,
            ApiKey = settings["TokenIoApiKey"] ?? options.ApiKey,
            Grants = [grant with { TokenId = settings["TokenIoConsent"] ?? grant.TokenId }],
        };
    }

    private static List<int> AccountNumbers(IConfiguration settings, string key, int accounts)
    {
        var value = settings[key] ?? "";
        var numbers = new List<int>();
        foreach (var part in value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(part, out var number) || number < 0 || number >= accounts || numbers.Contains(number))
                throw new SimulatorSettingException($"{key}: found '{value}', expected numbers of accounts from 0 to {accounts - 1}, such as 0,1.");
            numbers.Add(number);
        }

        return numbers;
    }

    private static string Zone(IConfiguration settings, string fallback)
    {
        var name = settings["TimeZone"] ?? fallback;
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out _)
            ? name
            : throw new SimulatorSettingException($"TimeZone: found '{name}', expected an IANA zone such as Australia/Sydney.");
    }

    private static int Number(IConfiguration settings, string key, int fallback, int least) =>
        settings[key] is not { } value ? fallback
        : int.TryParse(value, out var number) && number >= least ? number
        : throw new SimulatorSettingException($"{key}: found '{value}', expected a whole number of at least {least}.");

    private static bool Flag(IConfiguration settings, string key) =>
        settings[key] is not { } value ? false
        : bool.TryParse(value, out var flag) ? flag
        : throw new SimulatorSettingException($"{key}: found '{value}', expected true or false.");

    private static T Choice<T>(IConfiguration settings, string key, T fallback)
        where T : struct, Enum =>
        settings[key] is not { } value ? fallback
        : Enum.TryParse<T>(value, ignoreCase: true, out var choice) ? choice
        : throw new SimulatorSettingException($"{key}: found '{value}', expected {string.Join(", ", Enum.GetNames<T>())}.");
}
