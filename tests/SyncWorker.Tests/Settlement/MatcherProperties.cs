using FsCheck;
using FsCheck.Fluent;
using Redbark.Sync.Worker.Settlement;
using static Redbark.Sync.Worker.Tests.Settlement.Rows;

namespace Redbark.Sync.Worker.Tests.Settlement;

/// <summary>What must hold of every set of rows. A failure prints its seed and the smallest set found.</summary>
public sealed class MatcherProperties
{
    private static readonly SettlementOptions Options = new();

    [Fact]
    public void Neither_order_nor_ids_decide() => ForAll(300, set =>
    {
        var expected = set.Match().Lines(set.Rows);

        var random = new Random(set.Shuffle);
        var others = set.Rows.Select(row => row with { Id = random.NextInt64() }).ToArray();
        random.Shuffle(others);
        Assert.Equal(expected, Match(others, set.Decisions(), Options).Lines(others));
    });

    [Fact]
    public void Every_pair_is_one_to_one_and_has_its_reason() => ForAll(300, set =>
    {
        var rows = set.Rows.ToDictionary(row => row.Id);
        var decisions = set.Decisions();
        var outcome = set.Match();

        Assert.Equal(outcome.Links.Count * 2, outcome.Links.SelectMany(link => new[] { link.RowId, link.ById }).Distinct().Count());
        foreach (var link in outcome.Links)
        {
            var (row, by) = (rows[link.RowId], rows[link.ById]);
            var pair = new RowPair(row.ExternalId, by.ExternalId);
            Assert.True(by is { IsPosted: true, WasPending: false } && by.Description != "AUTHORISATION");
            Assert.True(!row.IsPosted || row is { WasPending: false, Description: "AUTHORISATION" });
            Assert.Equal(row.Currency, by.Currency);
            Assert.Equal(link.Tier == SettlementTier.Accepted, decisions.Accepted.Contains(pair));
            Assert.DoesNotContain(pair, decisions.Rejected);
            if (link.Tier != SettlementTier.Accepted)
                Assert.True(row.Amount == by.Amount && Options.IsInWindow(by.BookedOn.DayNumber - row.BookedOn.DayNumber));
        }

        var linked = outcome.Links.SelectMany(link => new[] { link.RowId, link.ById }).ToHashSet();
        Assert.DoesNotContain(outcome.Suggestions, pair => linked.Contains(pair.RowId) || linked.Contains(pair.ById) || rows[pair.RowId].Currency != rows[pair.ById].Currency
            || decisions.Rejected.Contains(new RowPair(rows[pair.RowId].ExternalId, rows[pair.ById].ExternalId)));
        Assert.Empty(outcome.Holds.Concat(outcome.Expired).Intersect(linked));
    });

    [Fact]
    public void No_other_assignment_is_better() => ForAll(300, set =>
    {
        var rows = set.Rows.ToDictionary(row => row.Id);
        var links = set.Match().Links.Where(link => link.Tier != SettlementTier.Accepted).ToList();
        var accepted = set.Match().Links.Where(link => link.Tier == SettlementTier.Accepted).SelectMany(link => new[] { link.RowId, link.ById }).ToHashSet();
        var free = set.Rows.Where(row => !accepted.Contains(row.Id)).Select(row => new Candidate(row)).ToList();
        var open = free.Where(row => !row.Row.IsPosted || row.Row is { WasPending: false, Description: "AUTHORISATION" }).ToList();
        var posted = free.Where(row => row.Row is { IsPosted: true, WasPending: false } && row.Row.Description != "AUTHORISATION").ToList();

        var found = Worth.None;
        foreach (var link in links)
            found += new Worth(link.Tier, rows[link.ById].BookedOn.DayNumber - rows[link.RowId].BookedOn.DayNumber);
        Assert.Equal(Best(0, []), found);

        Worth Best(int n, HashSet<long> taken)
        {
            if (n == open.Count)
                return Worth.None;
            var best = Best(n + 1, taken);
            foreach (var by in posted)
            {
                var days = by.Day - open[n].Day;
                if (taken.Contains(by.Row.Id) || by.Row.Currency != open[n].Row.Currency || by.Row.Amount != open[n].Row.Amount || !Options.IsInWindow(days)
                    || open[n].Shared(by) is not { } shared || set.Decisions().Rejected.Contains(new RowPair(open[n].Row.ExternalId, by.Row.ExternalId)))
                    continue;
                taken.Add(by.Row.Id);
                var worth = new Worth(shared.Tier, days) + Best(n + 1, taken);
                taken.Remove(by.Row.Id);
                if (worth.CompareTo(best) > 0)
                    best = worth;
            }

            return best;
        }
    });

    [Fact]
    public void Rows_that_no_pair_can_hold_change_nothing() => ForAll(200, set =>
    {
        // What the store leaves out: posted rows of another currency, or of no like amount, or too far from every open row.
        var open = set.Rows.Where(row => !row.IsPosted || row.Description == "AUTHORISATION").ToList();
        var accepted = set.Decisions().Accepted.Select(pair => pair.Posted).ToHashSet();
        var near = set.Rows.Where(row => open.Contains(row) || accepted.Contains(row.ExternalId) || open.Exists(other =>
            other.Currency == row.Currency && Options.IsInWindow(row.BookedOn.DayNumber - other.BookedOn.DayNumber)
            && Math.Abs(row.Amount - other.Amount) <= Math.Max(Math.Abs(other.Amount) * SuggestionFinder.Tolerance, 1))).ToList();

        Assert.Equal(set.Match().Lines(set.Rows), Match(near, set.Decisions(), Options).Lines(near));
    });

    private static void ForAll(int cases, Action<RowSet> property) =>
        Prop.ForAll(RowSet.Arbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(cases));

    /// <summary>How many pairs of each tier, then how few days.</summary>
    private sealed record Worth(int Instant, int Reference, int Text, int Payee, int Days) : IComparable<Worth>
    {
        public Worth(SettlementTier tier, int days)
            : this(tier == SettlementTier.Instant ? 1 : 0, tier == SettlementTier.Reference ? 1 : 0, tier == SettlementTier.Text ? 1 : 0, tier == SettlementTier.Payee ? 1 : 0, Math.Abs(days))
        {
        }

        public static Worth None { get; } = new(0, 0, 0, 0, 0);

        public static Worth operator +(Worth one, Worth other) =>
            new(one.Instant + other.Instant, one.Reference + other.Reference, one.Text + other.Text, one.Payee + other.Payee, one.Days + other.Days);

        public int CompareTo(Worth? other) =>
            (Instant, Reference, Text, Payee, -Days).CompareTo((other!.Instant, other.Reference, other.Text, other.Payee, -other.Days));
    }

    /// <summary>A few rows by small numbers, so that they meet.</summary>
    private sealed record RowSet(SettlementRow[] Rows, (int, int)[] Yes, (int, int)[] No, int Shuffle)
    {
        public SettlementOutcome Match() => Tests.Settlement.Rows.Match(Rows, Decisions(), Options);

        public SettlementDecisions Decisions()
        {
            var no = Pairs(No).ToHashSet();
            return new SettlementDecisions([.. Pairs(Yes).Where(pair => !no.Contains(pair))], no);
        }

        public static Arbitrary<RowSet> Arbitrary()
        {
            var row =
                from posted in Gen.Elements(true, false)
                from hold in Gen.Frequency((8, Gen.Constant(false)), (1, Gen.Constant(true)))
                from was in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
                from amount in Gen.Frequency((6, Gen.Constant(-10m)), (1, Gen.Constant(-11m)), (1, Gen.Constant(0m)))
                from currency in Gen.Frequency((9, Gen.Constant("AUD")), (1, Gen.Constant("NZD")))
                from day in Gen.Choose(0, 14)
                from payee in Gen.Elements("Coles", "Woolworths", null)
                from store in Gen.Elements("Coles 12", "COLES 34", "Woolworths Metro")
                from instant in Gen.Frequency((4, Gen.Constant((int?)null)), (1, Gen.Choose(0, 1).Select(n => (int?)n)))
                from reference in Gen.Frequency((4, Gen.Constant((string?)null)), (1, Gen.Elements<string?>("ref-one", "ref-two")))
                select Posted("row", day, amount, payee) with
                {
                    IsPosted = posted || hold,
                    WasPending = posted && was,
                    Currency = currency,
                    Description = hold ? "AUTHORISATION" : store,
                    OccurredAt = instant is { } n ? new DateTimeOffset(2026, 8, 9, 1, 2, 3 + n, TimeSpan.Zero) : null,
                    Reference = reference,
                };
            var set =
                from count in Gen.Choose(1, 10)
                from rows in Gen.ArrayOf(row, count)
                from yes in Gen.ListOf(Pair(), 1)
                from no in Gen.ListOf(Pair(), 2)
                from shuffle in Gen.Choose(0, int.MaxValue)
                select new RowSet([.. rows.Select((row, n) => row with { Id = n, ExternalId = $"row-{n}" })], [.. yes], [.. no], shuffle);
            return Arb.From(set, set => set.Rows.Select((_, n) => set with { Rows = [.. set.Rows[..n], .. set.Rows[(n + 1)..]] }));

            static Gen<(int, int)> Pair() => from one in Gen.Choose(0, 12) from other in Gen.Choose(0, 12) select (one, other);
        }

        public override string ToString() =>
            $"{string.Join("\n", (object[])Rows)}\nyes: {string.Join(' ', Yes)}; no: {string.Join(' ', No)}; shuffle: {Shuffle}";

        private static IEnumerable<RowPair> Pairs((int, int)[] pairs) => pairs.Select(pair => new RowPair($"row-{pair.Item1}", $"row-{pair.Item2}"));
    }
}
