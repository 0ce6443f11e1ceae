using System.Globalization;
using Microsoft.Extensions.Options;

namespace Redbark.Sync.Worker.Balances;

/// <summary>What the settings say about balances, beside the providers' own.</summary>
internal sealed class BalanceOptions
{
    public const string StaleAfterKey = "Balances:StaleAfter";
    public const string ConsentNoticeKey = "Balances:ConsentNotice";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(36500);

    /// <summary>The sections whose consents may link accounts, and their providers.</summary>
    private static readonly (string Section, string Provider)[] Consents = [("Revolut:Consents", "revolut"), ("TokenIo:Consents", "tokenio")];

    /// <summary>A balance that is older than this is called stale, though nothing failed.</summary>
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromHours(26);

    /// <summary>How long before a consent ends its user is asked to renew it.</summary>
    public TimeSpan ConsentNotice { get; set; } = TimeSpan.FromDays(14);

    public IReadOnlyList<BalanceLink> Links { get; set; } = [];

    /// <summary>What cannot be used: said by the validator.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>The setting that links an account; null for a provider whose accounts are not linked by settings.</summary>
    public static string? LinkKey(string provider, string connection, string account) =>
        Array.Find(Consents, consents => consents.Provider == provider) is { Section: { } section } ? $"{section}:{connection}:Links:{account}" : null;

    public static void Read(BalanceOptions options, IConfiguration configuration)
    {
        options.StaleAfter = Span(StaleAfterKey, "1.02:00:00", options.StaleAfter);
        options.ConsentNotice = Span(ConsentNoticeKey, "14.00:00:00", options.ConsentNotice);

        // Token.io's ids hold colons (open-banking-balances 3.4), which the configuration takes for levels.
        options.Links =
        [
            .. from consents in Consents
               from consent in configuration.GetSection(consents.Section).GetChildren()
               from link in consent.GetSection("Links").AsEnumerable(makePathsRelative: true)
               where link.Value is not null
               select new BalanceLink(consents.Provider, consent.Key, link.Key, LedgerAccount(options, $"{consent.Path}:Links:{link.Key}", link.Value.Trim())),
        ];

        TimeSpan Span(string key, string example, TimeSpan otherwise)
        {
            if (configuration[key] is not { } text)
                return otherwise;
            if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span > TimeSpan.Zero && span <= Longest)
                return span;
            options.Problems.Add($"{key}: expected a time span such as '{example}', found '{text}'.");
            return otherwise;
        }
    }

    private static string LedgerAccount(BalanceOptions options, string key, string value)
    {
        if (Guid.TryParseExact(value, "D", out var id))
            return id.ToString();
        if (!value.StartsWith("acct_", StringComparison.Ordinal) || value.Length == "acct_".Length)
            options.Problems.Add($"{key}: expected the account's id in Redbark (a UUID, or 'acct_…'), found {(value.Length == 0 ? "nothing" : $"'{value}'")}.");
        return value;
    }
}

/// <summary>An account of a provider that proves an account of the ledger.</summary>
/// <param name="Provider">See <see cref="IBalanceProvider.Name"/>.</param>
/// <param name="ConnectionId">The consent's name.</param>
/// <param name="ExternalId">The provider's id of its account.</param>
/// <param name="LedgerAccount">The ledger account's <c>account_id</c>, or its <c>acct_…</c>.</param>
internal sealed record BalanceLink(string Provider, string ConnectionId, string ExternalId, string LedgerAccount);

/// <summary>Stops the start for settings that cannot be used.</summary>
internal sealed class BalanceOptionsValidator : IValidateOptions<BalanceOptions>
{
    public ValidateOptionsResult Validate(string? name, BalanceOptions options) =>
        options.Problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Problems);
}
