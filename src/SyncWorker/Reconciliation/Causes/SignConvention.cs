using Redbark.Sync.Worker.Reconciliation.Proof;

namespace Redbark.Sync.Worker.Reconciliation.Causes;

/// <summary>The provider states what is owed as a positive figure (spec 7.3): with the sign turned the proof holds, as it stands it does not.</summary>
internal static class SignConvention
{
    private const int FewestFigures = 3;

    public static DriftFinding? Find(ProofInput input, OpeningPath path, Difference difference)
    {
        if (input.Figures.Count < FewestFigures || path.Steps < 2 || !difference.IsMature)
            return null;
        var turned = OpeningPath.Find([.. input.Figures.Select(figure => figure with { Amount = -figure.Amount })], input.Timeline, opening: null);
        return turned.Steps > 0
            ? null
            : new DriftFinding(
                DriftCause.SignConvention, difference.Amount, null, input.Figures[0].NotAfter, null, [],
                "every balance agrees once its sign is turned: set Reconciliation:Accounts:{account_id}:BalanceSign to inverted");
    }
}
