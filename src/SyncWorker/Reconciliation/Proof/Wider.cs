namespace Redbark.Sync.Worker.Reconciliation.Proof;

/// <summary>Lets figures have openings that no cut gives them, where some choice among their unsure movements does. Costly, so only tried where it may matter.</summary>
internal sealed class Wider(IReadOnlyList<BankFigure> figures, Timeline timeline, List<Dictionary<decimal, int>> candidates)
{
    private readonly Choices?[] _choices = new Choices?[figures.Count];
    private readonly HashSet<(int, decimal)> _tried = [];

    /// <summary>Tries the openings that most figures have.</summary>
    public void TryFrequent(int openings)
    {
        var frequent = candidates.SelectMany(allowed => allowed.Where(candidate => candidate.Value < Candidates.Plausible).Select(candidate => candidate.Key))
            .GroupBy(opening => opening).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).Take(openings).Select(group => group.Key).ToList();
        for (var i = 0; i < figures.Count; i++)
            frequent.ForEach(opening => Allow(opening, i));
    }

    /// <summary>Tries the openings on either side of each step on the figures of the other side.</summary>
    /// <returns>Whether a figure has a new one.</returns>
    public bool TryAround(OpeningPath path, decimal? opening, int distance)
    {
        var widened = false;
        for (var i = 0; i < figures.Count; i++)
        {
            var before = i == 0 ? opening ?? path.Openings[0] : path.Openings[i - 1];
            if (path.Openings[i] == before)
                continue;
            for (var j = i; j < Math.Min(i + distance, figures.Count); j++)
                widened |= Allow(before, j);
            for (var j = i - 1; j >= Math.Max(0, i - distance); j--)
                widened |= Allow(path.Openings[i], j);
        }

        return widened;
    }

    private bool Allow(decimal opening, int at)
    {
        if (candidates[at].ContainsKey(opening) || !_tried.Add((at, opening)) || !(_choices[at] ??= new Choices(figures[at], timeline)).Give(opening))
            return false;
        candidates[at][opening] = Candidates.Plausible;
        return true;
    }
}
