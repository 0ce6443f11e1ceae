using System.ComponentModel;
using Redbark.Sync.Worker.Reconciliation.Schema;

namespace Redbark.Sync.Worker.Api.Reconciliation;

/// <summary>What a proof came to from a moment on.</summary>
internal sealed record ProofChangeResponse(
    DateTime ChangedAt,
    [property: Description("The provider that was compared with; null where none shows the account.")] string? Provider,
    [property: Description("The ledger's id of the provider's account, as in /balances.")] long? BalanceId,
    [property: Description("The security; null for money.")] string? Symbol,
    [property: Description("proved, settling, drift or unknown.")] string Status,
    [property: Description("As in reconciliation.")] string? Cause,
    [property: Description("Bank less ledger, a decimal string.")] string? Drift)
{
    public static ProofChangeResponse Of(ReconciledChange change, string? provider) => new(
        change.ChangedAt.UtcDateTime, provider, change.ProviderAccountId == 0 ? null : change.ProviderAccountId, change.Subject.Length == 0 ? null : change.Subject,
        change.Status, change.Cause, DecimalText.Of(change.Drift));
}
