using System.Globalization;
using Microsoft.Extensions.Options;

namespace Redbark.Sync.Worker.Reconciliation;

/// <summary><c>Reconciliation:*</c></summary>
internal sealed class ReconciliationOptions
{
    public const string Section = "Reconciliation";

    /// <summary>How long ledger and bank may differ while rows and balances cross, before it is called drift.</summary>
    public TimeSpan SettleWithin { get; set; } = TimeSpan.FromHours(72);

    /// <summary>What is known of single accounts, by <c>account_id</c> or <c>account_public_id</c>.</summary>
    public Dictionary<string, AccountSettings> Accounts { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    public AccountSettings For(string? externalId, string? publicId) =>
        externalId is not null && Accounts.TryGetValue(externalId, out var byId) ? byId
        : publicId is not null && Accounts.TryGetValue(publicId, out var byPublicId) ? byPublicId
        : AccountSettings.None;
}

/// <summary>What the settings say of one account.</summary>
internal sealed class AccountSettings
{
    public static readonly AccountSettings None = new();

    /// <summary>What it held before the first row of the ledger: a decimal in its currency, positive in the holder's favour.</summary>
    public string? Opening { get; set; }

    /// <summary><c>inverted</c> where the provider states what is owed as a positive figure (spec 7.3); else <c>normal</c>.</summary>
    public string BalanceSign { get; set; } = "normal";

    public decimal? OpeningAmount => Opening is { } text ? decimal.Parse(text, Style, CultureInfo.InvariantCulture) : null;

    public bool IsInverted => BalanceSign == "inverted";

    internal const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
}

internal sealed class ReconciliationOptionsValidator : IValidateOptions<ReconciliationOptions>
{
    public ValidateOptionsResult Validate(string? name, ReconciliationOptions options)
    {
        var problems = new List<string>();
        Check(options.SettleWithin >= TimeSpan.Zero, $"Reconciliation:SettleWithin is {options.SettleWithin}; a time span that is not negative is expected, such as 3.00:00:00.");
        foreach (var (account, settings) in options.Accounts)
        {
            Check(settings.Opening is null || decimal.TryParse(settings.Opening, AccountSettings.Style, CultureInfo.InvariantCulture, out _),
                $"Reconciliation:Accounts:{account}:Opening is '{settings.Opening}'; a decimal is expected, such as -120.50.");
            Check(settings.BalanceSign is "normal" or "inverted",
                $"Reconciliation:Accounts:{account}:BalanceSign is '{settings.BalanceSign}'; normal or inverted is expected.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void Check(bool holds, string problem)
        {
            if (!holds)
                problems.Add(problem);
        }
    }
}
