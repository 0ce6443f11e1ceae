using Redbark.Sync.Worker.Reconciliation.Proof;

namespace Redbark.Sync.Worker.Reconciliation.Causes;

/// <summary>The bank counts rows already that the ledger knows as pending only.</summary>
internal static class NotYetPosted
{
    private const int MostChosen = 12;

    public static DriftFinding? Find(StepEvidence evidence)
    {
        var open = evidence.Input.Timeline.OpenAt(evidence.Figure);
        return Choose(open, evidence.Amount) is { } rows
            ? evidence.Finding(DriftCause.NotYetPosted, rows, $"{rows.Count} pending rows come to exactly the difference: the bank counts them already")
            : null;
    }

    private static List<long>? Choose(List<PendingMovement> open, decimal amount)
    {
        if (open.Count == 0)
            return null;
        if (open.Sum(row => row.Amount) == amount)
            return [.. open.Select(row => row.Id)];
        if (open.Find(row => row.Amount == amount) is { } single)
            return [single.Id];
        if (open.Count > MostChosen)
            return null;

        for (var chosen = 1; chosen < 1 << open.Count; chosen++)
        {
            var rows = open.Where((_, i) => (chosen & (1 << i)) != 0).ToList();
            if (rows.Sum(row => row.Amount) == amount)
                return [.. rows.Select(row => row.Id)];
        }

        return null;
    }
}
