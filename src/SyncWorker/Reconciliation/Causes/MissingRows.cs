using Redbark.Sync.Worker.Reconciliation.Proof;

namespace Redbark.Sync.Worker.Reconciliation.Causes;

/// <summary>The bank counts what the ledger does not hold.</summary>
internal static class MissingRows
{
    /// <summary>While it is young it may still come.</summary>
    public static DriftFinding? FindCrossing(StepEvidence evidence) => evidence.Step.IsMature
        ? null
        : evidence.Finding(DriftCause.Crossing, [], $"the newest balances differ; rows have until {evidence.Figure.NotAfter + evidence.Input.SettleWithin:u} to come");

    public static DriftFinding Find(StepEvidence evidence) => evidence.Finding(
        DriftCause.MissingRows, [],
        evidence.Before is { } before
            ? $"no rows of the ledger explain it: rows booked from {evidence.FirstDay:yyyy-MM-dd} to {evidence.LastDay:yyyy-MM-dd} are missing (the balance of {before.NotAfter:u} still agreed)"
            : $"no rows of the ledger explain it: rows booked until {evidence.LastDay:yyyy-MM-dd} are missing");
}
