namespace Redbark.Sync.Worker.Ledger;

/// <summary>Leaves one observation of each row, and sorts them, so that deliveries that meet take their locks in the same order.</summary>
internal static class Folding
{
    public static List<Observation<TRow>> Fold<TRow>(IEnumerable<Observation<TRow>> observations)
    {
        var sorted = observations.ToList();
        sorted.Sort(static (left, right) => Compare(left, right));

        var winners = new List<Observation<TRow>>(sorted.Count);
        foreach (var observation in sorted)
        {
            if (winners.Count == 0 || winners[^1].Key != observation.Key)
                winners.Add(observation);
            else if (observation.Precedence.ContentHash == winners[^1].Precedence.ContentHash)
                observation.End(RowFate.Unchanged);
            else
                observation.End(RowFate.Ignored, IgnoredReason.Superseded);
        }

        return winners;
    }

    private static int Compare(Observation left, Observation right)
    {
        var byAccount = left.AccountId.CompareTo(right.AccountId);
        if (byAccount != 0)
            return byAccount;
        var byId = string.CompareOrdinal(left.ExternalId, right.ExternalId);
        if (byId != 0)
            return byId;
        var byPrecedence = right.Precedence.CompareTo(left.Precedence);
        return byPrecedence != 0 ? byPrecedence : left.Index.CompareTo(right.Index);
    }
}
