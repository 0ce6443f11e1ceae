namespace Redbark.Sync.Worker.Reconciliation.Proof;

/// <summary>All choices among the movements of which a figure is not sure: two halves whose sums meet in the middle.</summary>
internal sealed class Choices
{
    // Of more movements, those nearest to the figure's moment are free; the others stand on the side on which they likely are.
    private const int MostFree = 22;

    private readonly List<decimal> _rests;
    private readonly List<decimal> _left;
    private readonly HashSet<decimal> _right;

    public Choices(BankFigure figure, Timeline timeline)
    {
        var (free, standing) = Split(timeline.Unsure(figure), figure);
        _rests = [.. timeline.Held(figure).Select(held => figure.Amount - timeline.Sure(figure) - standing - held.Amount)];
        _left = Sums(free[..(free.Count / 2)]);
        _right = [.. Sums(free[(free.Count / 2)..])];
    }

    /// <summary>Whether some choice gives this opening.</summary>
    public bool Give(decimal opening) => _rests.Exists(rest => _left.Exists(sum => _right.Contains(rest - opening - sum)));

    private static (List<Movement> Free, decimal Standing) Split(List<Movement> unsure, BankFigure figure)
    {
        if (unsure.Count <= MostFree)
            return (unsure, 0);
        var nearest = unsure.OrderBy(movement => (movement.Likely - figure.NotAfter).Duration()).ThenBy(movement => movement.Id).ToList();
        return (nearest[..MostFree], nearest[MostFree..].Where(movement => movement.Likely <= figure.NotAfter).Sum(movement => movement.Amount));
    }

    private static List<decimal> Sums(List<Movement> movements)
    {
        var sums = new List<decimal>(1 << movements.Count) { 0 };
        foreach (var movement in movements)
        {
            for (var (i, count) = (0, sums.Count); i < count; i++)
                sums.Add(sums[i] + movement.Amount);
        }

        return sums;
    }
}
