using System.ComponentModel;

namespace Redbark.Sync.Worker.Api.Accounts;

/// <summary>An account and what the ledger holds for it.</summary>
internal sealed record AccountResponse(
    [property: Description("The ledger's id.")] long Id,
    [property: Description("The system that the account is read from.")] string Provider,
    [property: Description("The provider's UUID of the account.")] string? ExternalId,
    [property: Description("The provider's public id (acct_…) of the same account.")] string? PublicId,
    string? Name,
    [property: Description("ISO 4217; null while no row has named one.")] string? Currency,
    [property: Description("Sum of the posted transactions in the account's currency, without recognised holds, as a decimal string; null while the currency is not known.")]
    string? LedgerBalance,
    [property: Description("Sums of the posted transactions in other currencies.")] IReadOnlyList<CurrencyBalance> OtherBalances,
    [property: Description("Transactions in all currencies, also those that another took the place of.")] long TransactionCount,
    [property: Description("Those of them that are still pending: neither settled nor expired.")] long PendingCount,
    DateTime FirstSeenAt,
    DateTime LastDeliveryAt);

/// <summary>A sum in one currency.</summary>
internal sealed record CurrencyBalance(string Currency, [property: Description("Decimal string.")] string Amount);
