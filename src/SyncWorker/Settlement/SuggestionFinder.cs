using System.Globalization;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Worker.Settlement;

/// <summary>Pairs that may be one payment though something speaks against it: for people. A few for each open row, the nearest days first.</summary>
internal static class SuggestionFinder
{
    public const string SameAmount = "same_amount";
    public const string AmountDiffers = "amount_differs";

    /// <summary>By how much a tip or an exchange rate may move an amount.</summary>
    public const decimal Tolerance = 0.20m;

    private const int MostWeighed = 20;
    private const int MostSuggested = 3;

    /// <param name="open">Unsettled rows, in the order of <see cref="SettlementRow.ByContent"/>, as are <paramref name="posted"/>.</param>
    /// <param name="posted">Rows that settle nothing.</param>
    /// <param name="rejected">Pairs that people do not want to see again.</param>
    /// <param name="options">The window.</param>
    public static List<SettlementSuggestion> Find(List<Candidate> open, List<Candidate> posted, IReadOnlySet<RowPair> rejected, SettlementOptions options)
    {
        var byAmount = posted.ToLookup(row => (row.Row.Currency, row.Row.Amount, row.Day));
        var byWord = posted.SelectMany(row => row.Says.Select(evidence => (Key: (row.Row.Currency, evidence, row.Day), Row: row)))
            .GroupBy(pair => pair.Key, pair => pair.Row).ToDictionary(rows => rows.Key, rows => rows.OrderBy(row => row.Row.Amount).ToArray());

        var found = new List<SettlementSuggestion>();
        // A check of nothing (spec 8.1) moves no money, and anything could be taken for it.
        foreach (var row in open.Where(row => row.Row.Amount != 0))
        {
            var weighed = Candidates(row)
                .Where(by => !rejected.Contains(new RowPair(row.Row.ExternalId, by.Row.ExternalId)))
                .Distinct().Take(MostWeighed)
                .Select(by => by.Row.Amount == row.Row.Amount ? OfSameAmount(row, by, options) : OfOtherAmount(row, by, options));
            found.AddRange(weighed.OrderByDescending(suggestion => suggestion.Score).Take(MostSuggested));
        }

        return found;

        IEnumerable<Candidate> Candidates(Candidate row)
        {
            foreach (var day in Nearest(options).Select(days => row.Day + days))
            {
                foreach (var by in byAmount[(row.Row.Currency, row.Row.Amount, day)])
                    yield return by;
                foreach (var by in row.Says.SelectMany(evidence => Near(byWord.GetValueOrDefault((row.Row.Currency, evidence, day)) ?? [], row.Row)))
                    yield return by;
            }
        }
    }

    /// <summary>0, 1, −1, 2, −2, … as far as the window goes.</summary>
    private static IEnumerable<int> Nearest(SettlementOptions options) =>
        Enumerable.Range(-options.DaysBefore, options.DaysBefore + options.DaysAfter + 1).OrderBy(Math.Abs).ThenByDescending(days => days);

    /// <summary>Those of a like amount and the same sign, but not the same amount.</summary>
    private static IEnumerable<Candidate> Near(Candidate[] byAmount, SettlementRow row)
    {
        var (from, to) = (row.Amount - Leeway(row), row.Amount + Leeway(row));
        var (low, high) = (0, byAmount.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (byAmount[middle].Row.Amount < from)
                low = middle + 1;
            else
                high = middle;
        }

        return byAmount.Skip(low).TakeWhile(by => by.Row.Amount <= to)
            .Where(by => by.Row.Amount != row.Amount && Math.Sign(by.Row.Amount) == Math.Sign(row.Amount));
    }

    /// <summary>At least a unit of the currency's smallest, for what was rounded.</summary>
    private static decimal Leeway(SettlementRow row)
    {
        var unit = 1m;
        Currencies.TryGetExponent(row.Currency, out var exponent);
        for (var i = 0; i < exponent; i++)
            unit /= 10;
        return Math.Max(Math.Abs(row.Amount) * Tolerance, unit);
    }

    private static SettlementSuggestion OfSameAmount(Candidate row, Candidate by, SettlementOptions options)
    {
        var alike = Likeness(row, by);
        var words = alike > 0 ? "the wording differs but has words in common" : "the wording differs";
        return new SettlementSuggestion(row.Row.Id, by.Row.Id, SameAmount,
            $"same amount, {SettlementMatcher.Days(by.Day - row.Day)}; {words}", (int)(50 + 30 * alike + 20 * Nearness(row, by, options)));
    }

    private static SettlementSuggestion OfOtherAmount(Candidate row, Candidate by, SettlementOptions options)
    {
        var share = Math.Abs(by.Row.Amount - row.Row.Amount) / Leeway(row.Row);
        var difference = (by.Row.Amount - row.Row.Amount).ToString("+0.####;-0.####", CultureInfo.InvariantCulture);
        var same = row.Shared(by)!.Value.Tier switch
        {
            SettlementTier.Instant => "instant",
            SettlementTier.Reference => "reference",
            _ => "payee",
        };
        return new SettlementSuggestion(row.Row.Id, by.Row.Id, AmountDiffers,
            $"same {same}, {SettlementMatcher.Days(by.Day - row.Day)}; the amount differs by {difference} {row.Row.Currency}",
            (int)(40 + 30 * (1 - share) + 20 * Nearness(row, by, options)));
    }

    private static decimal Nearness(Candidate row, Candidate by, SettlementOptions options) =>
        1 - Math.Abs(by.Day - row.Day) / (decimal)(Math.Max(options.DaysBefore, options.DaysAfter) + 1);

    /// <summary>The share of words that two payees have in common: at best 1.</summary>
    private static decimal Likeness(Candidate row, Candidate by)
    {
        var best = 0m;
        foreach (var one in Payees(row))
        {
            foreach (var other in Payees(by))
                best = Math.Max(best, one.Intersect(other).Count() / (decimal)one.Union(other).Count());
        }

        return best;
    }

    private static IEnumerable<string[]> Payees(Candidate row) =>
        row.Says.Where(evidence => evidence.Tier == SettlementTier.Payee).Select(evidence => evidence.Text.Split(' '));
}
