using System.ComponentModel;
using Redbark.Sync.Worker.Reconciliation.Store;

namespace Redbark.Sync.Worker.Api.Reconciliation;

/// <summary>What the proof says of one account and one source.</summary>
internal sealed record ReconciliationResponse(
    [property: Description("The ledger's id of the account.")] long AccountId,
    string? AccountName,
    [property: Description("The provider that was compared with; null where none shows the account.")] string? Provider,
    [property: Description("The ledger's id of the provider's account, as in /balances.")] long? BalanceId,
    [property: Description("The security; null for money.")] string? Symbol,
    [property: Description("proved: exact. settling: rows and balances still cross. drift: they differ, and waiting has not helped. unknown: there is nothing to compare.")]
    string Status,
    [property: Description("not_yet_posted, missing_rows, duplicate, hold_as_posted, stale_balance, null_balance, unknown_opening, opening_differs, sign_convention, no_balance or crossing: that of the first finding.")]
    string? Cause,
    [property: Description("Of the amounts; null for units of a security.")] string? Currency,
    [property: Description("What the account held before its first row, a decimal string.")] string? Opening,
    [property: Description("True when the settings name the opening; otherwise it follows from the first balance.")] bool OpeningKnown,
    [property: Description("Opening and posted rows at the newest balance.")] string? Expected,
    [property: Description("The newest balance.")] string? Actual,
    [property: Description("actual less expected.")] string? Drift,
    [property: Description("The day since which they differ.")] DateOnly? Since,
    [property: Description("When the newest balance was read.")] DateTime? ObservedAt,
    [property: Description("The newest balance that agrees.")] DateTime? ProvedAt,
    [property: Description("When the proof was last made.")] DateTime CheckedAt,
    [property: Description("Since when status, cause and drift are what they are.")] DateTime ChangedAt,
    [property: Description("What explains it, the oldest first, with the rows that do.")] IReadOnlyList<Finding> Findings);
