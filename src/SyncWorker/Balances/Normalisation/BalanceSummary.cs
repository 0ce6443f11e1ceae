using Redbark.Sync.Contracts;
using Redbark.Sync.Wire.Http;

namespace Redbark.Sync.Worker.Balances.Normalisation;

/// <summary>Makes one balance of a provider's figures, by the rules of open-banking-balances 4.1.</summary>
internal static class BalanceSummary
{
    /// <summary>What stands before the type of a figure out of Token.io's <c>otherBalances</c>.</summary>
    public const string OtherPrefix = "otherBalances:";

    public const string CurrencyDiffers = "currency_differs";
    public const string CurrencyNotIso = "currency_not_iso";
    public const string NoUsableBalance = "no_usable_balance";
    public const string CreditAmountUnknown = "credit_amount_unknown";

    // Rule 3: interim before closing, because the product is live; and what is expected only where nothing is booked.
    private static readonly string[] CurrentOrder = ["ITBD", "CLBD", "INTERIMCLEARED", "CLOSINGCLEARED", "XPCD"];

    // Rule 4.
    private static readonly string[] AvailableOrder = ["ITAV", "CLAV"];

    // Rule 6; "Available" is what is left of a facility, never its limit.
    private static readonly string[] LimitOrder = ["Pre-Agreed", "Credit", "Temporary"];

    /// <param name="figures">Every figure of the account; they come back in the balance as they are.</param>
    /// <param name="accountCurrency">The account's own currency; null when the provider's list of accounts does not say.</param>
    /// <param name="retrievedAt">When the answer came.</param>
    /// <exception cref="ProviderException">There is no figure at all.</exception>
    public static AccountBalance Of(IReadOnlyList<BalanceObservation> figures, string? accountCurrency, DateTimeOffset retrievedAt)
    {
        if (figures.Count == 0)
            throw new ProviderException(ProviderFault.Protocol, "the answer holds no balance");

        var currencies = figures.Select(figure => figure.Currency).Distinct().ToList();
        var currency = accountCurrency ?? (currencies.Count == 1 ? currencies[0] : null);
        var own = figures.Where(figure => figure.Currency == currency).ToList();
        var available = Best(own, AvailableRank);
        var (current, amount, origin, creditUnknown) = CurrentOf(own, available);

        List<string> flags = [];
        if (currencies.Exists(other => other != currency))
            flags.Add(CurrencyDiffers);
        if (!Currencies.TryGetExponent(currency ?? currencies[0], out _))
            flags.Add(CurrencyNotIso);
        if (creditUnknown)
            flags.Add(CreditAmountUnknown);
        if (amount is null && available is null)
            flags.Add(NoUsableBalance);

        return new AccountBalance
        {
            Currency = currency ?? currencies[0],
            Current = amount,
            CurrentOrigin = origin,
            Available = available?.Amount,
            AvailableIncludesCredit = InclusionOf(available?.CreditLines ?? []),
            CreditLimit = LimitOf(available, currency) ?? LimitOf(current, currency),
            AsOf = current?.AsOf,
            RetrievedAt = retrievedAt,
            Observations = figures,
            Flags = flags,
        };
    }

    private static (BalanceObservation? Figure, decimal? Amount, ValueOrigin? Origin, bool CreditUnknown) CurrentOf(
        List<BalanceObservation> own, BalanceObservation? available)
    {
        if (Best(own, CurrentRank) is { } reported)
            return (reported, reported.Amount, reported.Kind is BalanceKind.Expected ? ValueOrigin.FallbackFromExpected : ValueOrigin.Reported, false);
        if (available is null)
            return default;
        // Borrowed money never shows as the holder's own, so credit of an unknown amount leaves the current balance unknown.
        return OwnFundsIn(available) is { } funds ? (available, funds, ValueOrigin.FallbackFromAvailable, false) : (null, null, null, true);
    }

    /// <summary>Rule 5: among the figures of the best type the newest, then the first.</summary>
    private static BalanceObservation? Best(List<BalanceObservation> figures, Func<BalanceObservation, int?> rank) => figures
        .Select(figure => (Figure: figure, Rank: rank(figure)))
        .Where(ranked => ranked.Rank is not null)
        .OrderBy(ranked => ranked.Rank)
        .ThenByDescending(ranked => ranked.Figure.AsOf ?? DateTimeOffset.MinValue)
        .FirstOrDefault().Figure;

    private static int? CurrentRank(BalanceObservation figure) =>
        figure.Kind is BalanceKind.Current ? 0
        : figure.Kind is BalanceKind.Booked or BalanceKind.Cleared or BalanceKind.Expected ? Place(CurrentOrder, figure)
        : null;

    // Token.io's own "available" has no type of Open Banking, and comes first.
    private static int? AvailableRank(BalanceObservation figure) =>
        figure.Kind is not BalanceKind.Available ? null : Place(AvailableOrder, figure) ?? 0;

    private static int? Place(string[] order, BalanceObservation figure)
    {
        var type = figure.ProviderType.StartsWith(OtherPrefix, StringComparison.Ordinal) ? figure.ProviderType[OtherPrefix.Length..] : figure.ProviderType;
        var index = Array.IndexOf(order, ObieTypes.CodeOf(type));
        return index < 0 ? null : index + 1;
    }

    private static CreditInclusion InclusionOf(IReadOnlyList<CreditLine> lines) =>
        lines.Any(line => line.Included) ? CreditInclusion.Included
        : lines.Count > 0 ? CreditInclusion.NotIncluded
        : CreditInclusion.Unknown;

    /// <summary>Rule 6: a figure without the credit in it; null when the credit's amount is not known.</summary>
    private static decimal? OwnFundsIn(BalanceObservation figure)
    {
        var included = figure.CreditLines.Where(line => line.Included).ToList();
        var facilities = included.Where(line => !IsType(line, "Available")).ToList();
        var counted = facilities.Count > 0 ? facilities : included;
        decimal? funds = figure.Amount;
        foreach (var line in counted)
            funds = line.Amount is { } credit && line.Currency == figure.Currency ? Subtract(funds, credit) : null;
        return funds;
    }

    /// <summary>The exact difference; null when a decimal has no room for it, where <c>-</c> would round.</summary>
    private static decimal? Subtract(decimal? from, decimal amount)
    {
        if (from is not { } value)
            return null;
        try
        {
            var difference = value - amount;
            return difference.Scale == Math.Max(value.Scale, amount.Scale) ? difference : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static decimal? LimitOf(BalanceObservation? figure, string? currency) => LimitOrder
        .Select(type => figure?.CreditLines.FirstOrDefault(line => IsType(line, type) && line.Currency == currency)?.Amount)
        .FirstOrDefault(amount => amount is not null);

    private static bool IsType(CreditLine line, string type) => string.Equals(line.ProviderType, type, StringComparison.OrdinalIgnoreCase);
}
