namespace Redbark.Sync.Worker.Reconciliation.Proof;

/// <summary>
/// The openings that one figure of the bank allows: the figure, less what it holds for sure, less some of the movements of which it is
/// not sure whether it held them yet. A cut through those in the order of time is <see cref="Exact"/>, and <see cref="Likely"/> where the
/// figure's moment is; another choice among them is only <see cref="Plausible"/>, because banks do not book strictly in the order of time.
/// </summary>
internal static class Candidates
{
    public const int Likely = 0;
    public const int Exact = 1;
    public const int Plausible = 10;

    /// <summary>Those of a cut.</summary>
    public static Dictionary<decimal, int> Of(BankFigure figure, Timeline timeline)
    {
        var openings = new Dictionary<decimal, int>();
        var unsure = timeline.Unsure(figure);
        var rest = figure.Amount - timeline.Sure(figure);
        foreach (var (held, isWhole) in timeline.Held(figure))
            AddCuts(openings, rest - held, unsure, figure, isWhole);
        return openings;
    }

    private static void AddCuts(Dictionary<decimal, int> openings, decimal rest, List<Movement> unsure, BankFigure figure, bool isWhole)
    {
        var (first, last) = (unsure.Count(row => row.Likely <= figure.NotBefore), unsure.Count(row => row.Likely <= figure.NotAfter));
        for (var cut = 0; cut <= unsure.Count; cut++)
        {
            rest -= cut == 0 ? 0 : unsure[cut - 1].Amount;
            Add(openings, rest, !isWhole ? Plausible : cut >= first && cut <= last ? Likely : Exact);
        }
    }

    private static void Add(Dictionary<decimal, int> openings, decimal opening, int certainty)
    {
        if (!openings.TryGetValue(opening, out var known) || certainty < known)
            openings[opening] = certainty;
    }
}
