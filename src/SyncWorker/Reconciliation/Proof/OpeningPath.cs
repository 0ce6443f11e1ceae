namespace Redbark.Sync.Worker.Reconciliation.Proof;

/// <summary>
/// The account's opening as each figure implies it. If every row is there and the bank is right, one opening fits all figures; every
/// other fault makes it step. The path taken is the one with the fewest steps, each as late as possible, and among those the one with the
/// fewest figures that are only plausible: so what rows merely crossing a reading can explain is never called a fault.
/// </summary>
internal sealed record OpeningPath(IReadOnlyList<decimal> Openings, IReadOnlyList<int> Certainties)
{
    private const int Step = 1_000_000;
    private const int MostLooks = 6;

    // An opening to which the path steps is tried on so many figures before and after the step; the most frequent ones on all.
    private const int Around = 80;
    private const int Frequent = 8;

    public int Steps => Openings.Zip(Openings.Skip(1), (before, after) => before == after ? 0 : 1).Sum();

    /// <param name="figures">The bank's figures in the order of time; at least one.</param>
    /// <param name="timeline">The ledger's side.</param>
    /// <param name="opening">The opening, where somebody knows it.</param>
    public static OpeningPath Find(IReadOnlyList<BankFigure> figures, Timeline timeline, decimal? opening)
    {
        var candidates = figures.Select(figure => Candidates.Of(figure, timeline)).ToList();
        var path = Cheapest(candidates, opening);
        if (path.Steps == 0)
            return path;

        var wider = new Wider(figures, timeline, candidates);
        wider.TryFrequent(Frequent);
        path = Cheapest(candidates, opening);
        for (var look = 0; look < MostLooks && wider.TryAround(path, opening, Around); look++)
            path = Cheapest(candidates, opening);
        return path;
    }

    private static OpeningPath Cheapest(List<Dictionary<decimal, int>> candidates, decimal? opening)
    {
        var states = new List<Dictionary<decimal, State>>(candidates.Count);
        foreach (var allowed in candidates)
            states.Add(states.Count == 0 ? Start(allowed, opening) : Follow(states[^1], allowed));

        var path = new decimal[candidates.Count];
        var certainties = new int[candidates.Count];
        // Of equal ones the smallest step: a newest figure may leave several open until the next one.
        var last = states[^1].MinBy(state => (state.Value.Cost, Math.Abs(state.Key - state.Value.Before), state.Key));
        for (var (i, at) = (candidates.Count - 1, last.Key); i >= 0; i--)
        {
            var state = states[i][at];
            (path[i], certainties[i]) = (at, candidates[i][at]);
            at = state.Before;
        }

        return new OpeningPath(path, certainties);
    }

    private static Dictionary<decimal, State> Start(Dictionary<decimal, int> allowed, decimal? opening) => allowed.ToDictionary(
        candidate => candidate.Key,
        candidate => new State(candidate.Value + (opening is null || opening == candidate.Key ? 0 : Step), candidate.Key));

    private static Dictionary<decimal, State> Follow(Dictionary<decimal, State> before, Dictionary<decimal, int> allowed)
    {
        var cheapest = before.MinBy(state => (state.Value.Cost, state.Key));
        var after = new Dictionary<decimal, State>(allowed.Count);
        foreach (var (opening, certainty) in allowed)
        {
            after[opening] = before.TryGetValue(opening, out var same) && same.Cost < cheapest.Value.Cost + Step
                ? new State(same.Cost + certainty, opening)
                : new State(cheapest.Value.Cost + Step + certainty, cheapest.Key);
        }

        return after;
    }

    private readonly record struct State(int Cost, decimal Before);
}
