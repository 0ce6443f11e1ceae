using Redbark.Sync.Worker.Reconciliation.Proof;

namespace Redbark.Sync.Worker.Reconciliation.Causes;

/// <summary>The bank's figure stands still while rows go on.</summary>
internal static class StandingFigure
{
    private const int FewestReadings = 3;

    public static DriftFinding? Find(ProofInput input, Difference difference)
    {
        var figures = input.Figures;
        var first = figures.Count - 1;
        while (first > 0 && figures[first - 1].Amount == figures[^1].Amount)
            first--;
        var since = figures[first];
        var moved = input.Timeline.Movements.Count(row => row.Earliest > since.NotAfter && row.Latest <= figures[^1].NotBefore);
        if (figures.Count - first < FewestReadings || moved == 0 || difference.LastProved < 0
            || figures[difference.LastProved].NotAfter < since.NotAfter - input.SettleWithin)
        {
            return null;
        }

        return new DriftFinding(
            DriftCause.StaleBalance, difference.Amount, since.NotAfter, figures[difference.LastProved + 1].NotAfter,
            input.DayOf(figures[difference.LastProved + 1].NotAfter), [],
            $"the bank has said {since.Amount} since {since.NotAfter:u} ({figures.Count - first} readings), while {moved} rows were booked");
    }
}
