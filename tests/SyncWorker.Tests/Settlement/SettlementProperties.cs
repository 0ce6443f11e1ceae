using FsCheck;
using FsCheck.Fluent;
using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Settlement;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Settlement;

/// <summary>Settlements over generated deliveries, through the real ledger. A failure prints its seed and the smallest case found.</summary>
public sealed class SettlementProperties(SettlementHost host) : IClassFixture<SettlementHost>
{
    [Fact]
    public void Any_order_and_chunking_with_settling_in_between_ends_as_one_pass_at_the_end() => ForAll(40, async plan =>
    {
        var (inOrder, shuffled) = (Sent.Account(), Sent.Account());
        await DecideAsync(plan, inOrder);
        await DecideAsync(plan, shuffled);

        foreach (var message in plan.Deliveries(inOrder))
            await host.Worker.ApplyAsync(message);
        await SettleAsync(inOrder);

        var random = new Random(plan.Shuffle);
        var others = plan.Rechunked(random).Deliveries(shuffled).ToArray();
        random.Shuffle(others);
        foreach (var message in others)
        {
            await host.Worker.ApplyAsync(message);
            if (random.Next(2) == 0)
                await SettleAsync(shuffled);
        }

        await SettleAsync(shuffled);
        Assert.Equal(await host.LinesAsync(inOrder), await host.LinesAsync(shuffled));
    });

    [Fact]
    public void What_is_stored_is_what_all_rows_together_come_to() => ForAll(40, async plan =>
    {
        var account = Sent.Account();
        await DecideAsync(plan, account);
        foreach (var message in plan.Deliveries(account))
            await host.Worker.ApplyAsync(message);
        await SettleAsync(account);

        var rows = await AllRowsAsync(account);
        var options = new SettlementOptions();
        var outcome = new SettlementMatcher(options).Match(rows, HoldRecogniser.For(options), plan.Decisions(), host.Clock.GetUtcNow());

        var id = await host.IdAsync(account);
        Assert.Equal(
            outcome.Links.Select(link => (link.RowId, (long?)link.ById, link.Reason)).Concat(outcome.Holds.Concat(outcome.Expired).Select(row => (row, (long?)null, ""))).Order(),
            (await host.Worker.QueryAsync("SELECT row_id, by_id, reason FROM ledger.settlements WHERE account_id = $1",
                row => (row.GetInt64(0), row.IsDBNull(1) ? (long?)null : row.GetInt64(1), row.IsDBNull(2) ? "" : row.GetString(2)), id)).Order());
        Assert.Equal(
            outcome.Suggestions.Select(pair => (pair.RowId, pair.ById, pair.Kind, pair.Score, pair.Reason)).Order(),
            (await host.Worker.QueryAsync("SELECT row_id, by_id, kind, score, reason FROM ledger.settlement_suggestions WHERE account_id = $1",
                row => (row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetInt32(3), row.GetString(4)), id)).Order());
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_counts_as_posted_adds_up_to_the_banks_truth(int seed)
    {
        var account = Sent.Account();
        var bank = new BankHistory(seed, 150);
        foreach (var delivery in bank.Deliveries(account))
        {
            await host.Worker.ApplyAsync(delivery);
            await host.SettleAsync(account);
        }

        Assert.Equal(bank.Truth, await host.Worker.ScalarAsync<decimal>(
            "SELECT sum(amount) FROM ledger.entries e JOIN ledger.accounts a ON a.id = account_id WHERE a.external_id = $1 AND counts_as_posted", account));
        Assert.Equal(bank.Twins, await host.Worker.QueryAsync(
            "SELECT p.external_id || ' ' || q.external_id FROM ledger.settlements s JOIN ledger.accounts a ON a.id = s.account_id JOIN ledger.transactions p ON p.id = s.row_id JOIN ledger.transactions q ON q.id = s.by_id WHERE a.external_id = $1 ORDER BY p.external_id",
            row => row.GetString(0), account));
    }

    [Fact]
    public void A_thousand_bank_histories_add_up_and_every_twin_is_found()
    {
        for (var seed = 1; seed <= 1000; seed++)
        {
            var bank = new BankHistory(seed, 60);
            var rows = bank.Rows();
            var outcome = Rows.Match(rows, now: SettlementHost.Start.AddYears(1));
            var superseded = outcome.Links.Select(link => link.RowId).Concat(outcome.Holds).Concat(outcome.Expired).ToHashSet();
            var names = rows.ToDictionary(row => row.Id, row => row.ExternalId);

            Assert.True(bank.Truth == rows.Where(row => row.IsPosted && !superseded.Contains(row.Id)).Sum(row => row.Amount), $"seed {seed}: the sum");
            Assert.True(bank.Twins.SequenceEqual(outcome.Links.Select(link => $"{names[link.RowId]} {names[link.ById]}").Order(StringComparer.Ordinal)), $"seed {seed}: the pairs");
        }
    }

    private async Task SettleAsync(string account)
    {
        foreach (var id in await host.Worker.QueryAsync("SELECT id FROM ledger.accounts WHERE external_id = $1 OR public_id = $2", row => row.GetInt64(0), account, Plan.PublicId(account)))
            await host.Settlements.SettleAsync(id, CancellationToken.None);
    }

    private async Task DecideAsync(Plan plan, string account)
    {
        var (accepted, rejected) = (plan.Decisions().Accepted, plan.Decisions().Rejected);
        foreach (var (pair, decision, age) in accepted.Select((pair, n) => (pair, "accepted", n)).Concat(rejected.Select(pair => (pair, "rejected", 9))))
        {
            await host.Worker.ExecuteAsync($"""
                INSERT INTO ledger.settlement_decisions (provider, account_external_id, account_public_id, pending_external_id, posted_external_id, decision, decided_by, decided_at)
                VALUES ('redbark', '{account}', '{Plan.PublicId(account)}', '{pair.Pending}', '{pair.Posted}', '{decision}', 'test', now() - interval '{age} hours')
                """);
        }
    }

    private Task<List<SettlementRow>> AllRowsAsync(string account) => host.Worker.QueryAsync("""
        SELECT t.id, t.external_id, status = 'posted', amount, t.currency, booked_on, posted_on, occurred_at, description, merchant_name, reference,
            EXISTS (SELECT FROM ledger.once_pending o WHERE o.account_id = t.account_id AND o.external_id = t.external_id) AND status = 'posted'
        FROM ledger.transactions t JOIN ledger.accounts a ON a.id = t.account_id WHERE a.external_id = $1
        """, row => new SettlementRow
    {
        Id = row.GetInt64(0),
        ExternalId = row.GetString(1),
        IsPosted = row.GetBoolean(2),
        Amount = row.GetDecimal(3),
        Currency = row.GetString(4),
        BookedOn = row.GetFieldValue<DateOnly>(5),
        PostedOn = row.IsDBNull(6) ? null : row.GetFieldValue<DateOnly>(6),
        OccurredAt = row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7),
        Description = row.IsDBNull(8) ? null : row.GetString(8),
        MerchantName = row.IsDBNull(9) ? null : row.GetString(9),
        Reference = row.IsDBNull(10) ? null : row.GetString(10),
        WasPending = row.GetBoolean(11),
    }, account);

    // FsCheck runs its cases in turn on the test's thread.
    private static void ForAll(int cases, Func<Plan, Task> property) =>
        Prop.ForAll(Plan.Arbitrary(), plan => Task.Run(() => property(plan)).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(cases));

    /// <summary>One observation, by small numbers, so that rows meet; a key may be observed again, in another status.</summary>
    private sealed record Row(int Key, bool Pending, bool Hold, long Amount, int Day, string? Payee, string? Reference, Naming Naming);

    /// <summary>Rows of one moment; the moments follow each other.</summary>
    private sealed record Body(int Moment, Row[] Rows)
    {
        public override string ToString() => $"moment {Moment}:\n    {string.Join("\n    ", (object[])Rows)}";
    }

    private sealed record Plan(Body[] Bodies, (int, int)[] Yes, (int, int)[] No, int Shuffle)
    {
        public static string PublicId(string account) => $"acct_{account}";

        public IEnumerable<IDelivered> Deliveries(string account) => Bodies.Append(new Body(99, [new Row(99, false, false, -1, 1, "Joins", null, Naming.Both)]))
            .Select(body => Sent.Body(Sent.Write(EventTypes.TransactionsSynced, [.. body.Rows.Select(row => Wire(row, account))], created: SettlementHost.Start.AddMinutes(body.Moment - 1000)), Sent.Today));

        /// <summary>The rows of each moment cut into other requests of the same moment.</summary>
        public Plan Rechunked(Random random) => this with
        {
            Bodies = [.. Bodies.SelectMany(body =>
            {
                var cut = random.Next(body.Rows.Length + 1);
                return new[] { body with { Rows = body.Rows[..cut] }, body with { Rows = body.Rows[cut..] } }.Where(part => part.Rows.Length > 0);
            })],
        };

        public SettlementDecisions Decisions()
        {
            var no = No.Select(Pair).ToHashSet();
            return new SettlementDecisions([.. Yes.Select(Pair).Distinct().Where(pair => !no.Contains(pair))], no);

            static RowPair Pair((int, int) pair) => new($"row-{pair.Item1}", $"row-{pair.Item2}");
        }

        public static Arbitrary<Plan> Arbitrary()
        {
            var row =
                from key in Gen.Choose(0, 9)
                from pending in Gen.Elements(true, false)
                from hold in Gen.Frequency((8, Gen.Constant(false)), (1, Gen.Constant(true)))
                from amount in Gen.Frequency((6, Gen.Constant(-1000L)), (1, Gen.Constant(-1100L)), (1, Gen.Constant(0L)))
                from day in Gen.Frequency((5, Gen.Choose(20, 30)), (1, Gen.Choose(1, 19)))
                from payee in Gen.Elements("Coles", "Woolworths", null)
                from reference in Gen.Frequency((4, Gen.Constant((string?)null)), (1, Gen.Elements<string?>("ref-one", "ref-two")))
                from naming in Gen.Elements(Naming.Both, Naming.External, Naming.Public)
                select new Row(key, pending && !hold, hold, amount, day, payee, reference, naming);
            var plan =
                from count in Gen.Choose(1, 7)
                from rows in Gen.ArrayOf(Gen.ArrayOf(row, 4), count)
                from yes in Gen.ArrayOf(Pair(), 1)
                from no in Gen.ArrayOf(Pair(), 2)
                from shuffle in Gen.Choose(0, int.MaxValue)
                select new Plan([.. rows.Select((row, moment) => new Body(moment, [.. row.DistinctBy(one => one.Key)]))], yes, no, shuffle);
            return Arb.From(plan, plan => plan.Bodies.Select((_, n) => plan with { Bodies = [.. plan.Bodies[..n], .. plan.Bodies[(n + 1)..]] }));

            static Gen<(int, int)> Pair() => from one in Gen.Choose(0, 9) from other in Gen.Choose(0, 9) select (one, other);
        }

        public override string ToString() => $"{string.Join("\n", (object[])Bodies)}\nyes: {string.Join(' ', Yes)}; no: {string.Join(' ', No)}; shuffle: {Shuffle}";

        private static WireTransaction Wire(Row row, string account) => new()
        {
            Id = $"row-{row.Key}",
            AccountId = row.Naming == Naming.Public ? null : account,
            AccountPublicId = row.Naming == Naming.External ? null : PublicId(account),
            Amount = row.Amount,
            Status = row.Pending ? "pending" : "posted",
            Description = row.Hold ? "AUTHORISATION" : row.Payee is null ? "Somebody" : $"{(row.Pending ? "" : "VISA-")}{row.Payee}  {row.Key}{row.Key}",
            MerchantName = row.Payee,
            Reference = row.Reference,
            LocalDate = $"2026-10-{row.Day:00}",
        };
    }
}
