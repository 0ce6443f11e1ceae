using System.Globalization;

namespace Redbark.Sync.Worker.Settlement;

/// <summary>
/// Finds out which rows are one payment sent twice, under two ids (spec 7.5, 8.6–8.8). What comes out depends on the set of rows, the
/// decisions and the day, and on nothing else: not on the order of arrival, nor on what an earlier pass made of fewer rows.
/// </summary>
internal sealed class SettlementMatcher(SettlementOptions options)
{
    /// <param name="rows">All rows of one account, or at least all that could be in a pair.</param>
    /// <param name="holds">Tells the holds.</param>
    /// <param name="decisions">What people said.</param>
    /// <param name="now">For the expiry.</param>
    public SettlementOutcome Match(IEnumerable<SettlementRow> rows, HoldRecogniser holds, SettlementDecisions decisions, DateTimeOffset now)
    {
        var open = new List<Candidate>();
        var posted = new List<Candidate>();
        var ownHolds = new HashSet<long>();
        foreach (var row in rows.Order(SettlementRow.ByContent))
        {
            // A row that was pending itself is settled by itself, whatever its description still says.
            var isHold = row is { IsPosted: true, WasPending: false } && holds.IsHold(row.Description);
            if (isHold)
                ownHolds.Add(row.Id);
            if (isHold || !row.IsPosted)
                open.Add(new Candidate(row));
            else if (!row.WasPending)
                posted.Add(new Candidate(row));
        }

        var pairs = Accepted(open, posted, decisions.Accepted);
        var taken = pairs.SelectMany(pair => new[] { pair.Pending, pair.Posted }).ToHashSet();
        var byMoney = posted.Where(row => !taken.Contains(row)).ToLookup(row => (row.Row.Currency, row.Row.Amount));
        foreach (var group in open.Where(row => !taken.Contains(row)).GroupBy(row => (row.Row.Currency, row.Row.Amount)))
            pairs.AddRange(Assignment.Of([.. group], [.. byMoney[group.Key]], decisions.Rejected, options));

        taken = [.. pairs.SelectMany(pair => new[] { pair.Pending, pair.Posted })];
        open.RemoveAll(taken.Contains);
        posted.RemoveAll(taken.Contains);
        var expired = open.Where(row => IsExpired(row.Row, now)).Select(row => row.Row.Id).ToList();
        ownHolds.ExceptWith(expired);
        ownHolds.ExceptWith(pairs.Select(pair => pair.Pending.Row.Id));

        var accepted = decisions.Accepted.ToHashSet();
        return new SettlementOutcome(
            [.. pairs.Select(pair => Link(pair.Pending, pair.Posted, accepted))], [.. ownHolds], expired,
            SuggestionFinder.Find(open, posted, decisions.Rejected, options));
    }

    private bool IsExpired(SettlementRow row, DateTimeOffset now) =>
        new DateTimeOffset(row.BookedOn, TimeOnly.MinValue, TimeSpan.Zero) + options.ExpireAfter <= now;

    /// <summary>Pairs of people's, the newest decision first; one whose rows are not here, or not what they were, waits.</summary>
    private static List<(Candidate Pending, Candidate Posted)> Accepted(List<Candidate> open, List<Candidate> posted, IReadOnlyList<RowPair> accepted)
    {
        var pairs = new List<(Candidate Pending, Candidate Posted)>();
        if (accepted.Count == 0)
            return pairs;
        var openById = open.ToDictionary(row => row.Row.ExternalId, StringComparer.Ordinal);
        var postedById = posted.ToDictionary(row => row.Row.ExternalId, StringComparer.Ordinal);
        foreach (var pair in accepted)
        {
            if (!openById.TryGetValue(pair.Pending, out var row) || !postedById.TryGetValue(pair.Posted, out var by) || row.Row.Currency != by.Row.Currency)
                continue;
            pairs.Add((row, by));
            openById.Remove(pair.Pending);
            postedById.Remove(pair.Posted);
        }

        return pairs;
    }

    private static SettlementLink Link(Candidate row, Candidate by, HashSet<RowPair> accepted)
    {
        var isAccepted = accepted.Contains(new RowPair(row.Row.ExternalId, by.Row.ExternalId));
        var tier = isAccepted ? SettlementTier.Accepted : row.Shared(by)!.Value.Tier;
        var days = Days(by.Day - row.Day);
        var reason = tier switch
        {
            SettlementTier.Accepted => "somebody said so",
            SettlementTier.Instant => $"same amount and instant, {days}",
            SettlementTier.Reference => $"same amount and reference, {days}",
            SettlementTier.Text => $"same amount and wording, {days}",
            _ => $"same amount and payee, {days}",
        };
        return new SettlementLink(row.Row.Id, by.Row.Id, tier, reason);
    }

    public static string Days(int days) => days switch
    {
        0 => "on the same day",
        1 => "booked a day later",
        > 1 => $"booked {days.ToString(CultureInfo.InvariantCulture)} days later",
        -1 => "booked a day earlier",
        _ => $"booked {(-days).ToString(CultureInfo.InvariantCulture)} days earlier",
    };
}
