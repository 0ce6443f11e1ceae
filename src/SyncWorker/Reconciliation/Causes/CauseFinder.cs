using Redbark.Sync.Worker.Reconciliation.Proof;

namespace Redbark.Sync.Worker.Reconciliation.Causes;

/// <summary>Names why ledger and bank differ, step by step; what nothing explains are rows that are missing.</summary>
internal static class CauseFinder
{
    private delegate DriftFinding? Explanation(StepEvidence evidence);

    private static readonly Explanation[] Explanations = [NotYetPosted.Find, SurplusRows.FindHold, SurplusRows.FindDuplicates];

    public static IReadOnlyList<DriftFinding> Explain(ProofInput input, OpeningPath path, Difference difference)
    {
        if (SignConvention.Find(input, path, difference) is { } inverted)
            return [inverted];
        if (MissingOpening(input, path, difference) is { } opening)
            return [opening];

        var standing = StandingFigure.Find(input, difference);
        if (standing is not null && difference.Steps.Count > 1)
            return [standing];

        var findings = new List<DriftFinding>();
        foreach (var step in difference.Steps)
        {
            var evidence = new StepEvidence(input, step);
            var found = Explanations.Select(explain => explain(evidence)).FirstOrDefault(finding => finding is not null);
            findings.Add(found ?? standing ?? MissingRows.FindCrossing(evidence) ?? MissingRows.Find(evidence));
        }

        return findings;
    }

    private static DriftFinding? MissingOpening(ProofInput input, OpeningPath path, Difference difference) =>
        input.Opening is { } known && difference.LastProved < 0 && path.Steps == 0 && input.Figures.Count > 1
            ? new DriftFinding(
                DriftCause.OpeningDiffers, difference.Amount, null, input.Figures[0].NotAfter, null, [],
                $"the settings say that the account opened with {known}; every balance read fits {path.Openings[0]}")
            : null;
}
