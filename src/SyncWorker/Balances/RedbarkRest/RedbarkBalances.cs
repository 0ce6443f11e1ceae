using Redbark.Sync.Contracts;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Wire.Rest;

namespace Redbark.Sync.Worker.Balances.RedbarkRest;

/// <summary>Makes the one model of a balance out of Redbark's (open-banking-balances 4.1).</summary>
internal static class RedbarkBalances
{
    public static BalanceReading Reading(ProviderAccount account, RestBalance balance, DateTimeOffset retrievedAt)
    {
        // The figures are in the balance's own currency; only where it names none, in the account's.
        if ((balance.Currency ?? account.Currency) is not { } figuresIn)
            return BalanceReading.Of(account, new ProviderException(ProviderFault.Protocol, "neither the balance nor its account has a currency"));

        var currency = account.Currency ?? figuresIn;
        var differs = currency != figuresIn && (balance.Current, balance.Available) is not (null, null);
        var current = differs ? null : balance.Current?.Amount;
        var available = differs ? null : balance.Available?.Amount;
        return BalanceReading.Of(account, new AccountBalance
        {
            Currency = currency,
            Current = current,
            CurrentOrigin = current is null ? null : ValueOrigin.Reported,
            Available = available,
            AvailableIncludesCredit = Inclusion(account, available),
            RetrievedAt = retrievedAt,
            Observations = [.. Observations(balance, figuresIn)],
            Flags = [.. Flags(currency, differs, current ?? available)],
        });
    }

    private static IEnumerable<BalanceObservation> Observations(RestBalance balance, string currency)
    {
        if (balance.Current is { } current)
            yield return new BalanceObservation("currentBalance", BalanceKind.Current, current.Amount, current.Text, currency, null, []);
        if (balance.Available is { } available)
            yield return new BalanceObservation("availableBalance", BalanceKind.Available, available.Amount, available.Text, currency, null, []);
    }

    // Spec 7.3: on a card it is the credit that is left.
    private static CreditInclusion Inclusion(ProviderAccount account, decimal? available) =>
        available is not null && account.Type?.Replace('_', '-').ToLowerInvariant() is "credit-card" ? CreditInclusion.Included : CreditInclusion.Unknown;

    private static IEnumerable<string> Flags(string currency, bool differs, decimal? figure)
    {
        if (differs)
            yield return "currency_differs";
        if (!Currencies.TryGetExponent(currency, out _))
            yield return "currency_not_iso";
        if (figure is null)
            yield return "no_usable_balance";
    }
}
