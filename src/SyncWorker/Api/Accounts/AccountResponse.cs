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
    DateTime LastDeliveryAt,
    [property: Description("The bank's name, where a provider shows the account.")] string? Institution,
    [property: Description("The feed of its last delivery.")] string? Feed,
    [property: Description("The oldest booking date.")] DateOnly? FirstBookedOn,
    [property: Description("The newest booking date.")] DateOnly? NewestBookedOn,
    [property: Description("How it stands against its bank; null before the first proof.")] AccountProof? Proof);

/// <summary>A sum in one currency.</summary>
internal sealed record CurrencyBalance(string Currency, [property: Description("Decimal string.")] string Amount);

/// <summary>Of an account's proofs the one that matters: the first in drift, else settling, else proved, else unknown. All are under reconciliation.</summary>
internal sealed record AccountProof(
    [property: Description("proved, settling, drift or unknown.")] string Status,
    [property: Description("As in reconciliation.")] string? Cause,
    [property: Description("The provider that was compared with; null where none shows the account.")] string? Provider,
    [property: Description("The security; null for money.")] string? Symbol,
    [property: Description("Opening and posted rows at the newest balance, a decimal string.")] string? Expected,
    [property: Description("The newest balance.")] string? Actual,
    [property: Description("actual less expected.")] string? Drift,
    [property: Description("The day since which they differ.")] DateOnly? Since,
    [property: Description("When the newest balance was read.")] DateTime? ObservedAt);
