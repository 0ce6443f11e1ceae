using Microsoft.Extensions.Hosting;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Accounts.Keeping;
using Redbark.Sync.Worker.Outbox;
using Redbark.Sync.Worker.Scheduling;
using Redbark.Sync.Worker.Settlement;
using Redbark.Sync.Worker.Tests.Support;
using static Redbark.Sync.Worker.Tests.Settlement.SettlementHost;

namespace Redbark.Sync.Worker.Tests.Settlement;

public sealed class SettlementTests(SettlementHost host) : IClassFixture<SettlementHost>
{
    private readonly string _account = Sent.Account();

    private DecisionService Decisions => host.Worker.Get<DecisionService>();

    private AccountKeeper Keeper => host.Worker.Get<IEnumerable<IHostedService>>().OfType<AccountKeeper>().Single();

    [Fact]
    public async Task A_posted_twin_settles_the_pending_row_and_the_rows_stay_as_they_are()
    {
        await host.ApplyAsync(1, Pending("p", _account), Pending("other", _account, -100));
        await host.ApplyAsync(2, Posted("q", _account));

        Assert.Equal(new SettlementChange(1, 0, 0, true), await host.SettleAsync(_account));

        Assert.Equal(["p settled q text automatic same amount and wording, booked a day later"], await host.LinesAsync(_account));
        Assert.Equal(["other pending", "p pending", "q posted"], await host.Worker.QueryAsync(
            "SELECT t.external_id || ' ' || status FROM ledger.transactions t JOIN ledger.accounts a ON a.id = account_id WHERE a.external_id = $1 ORDER BY 1", row => row.GetString(0), _account));
        Assert.Equal(SettlementChange.None, await host.SettleAsync(_account));
    }

    [Fact]
    public async Task Each_new_link_is_told_once_with_the_pending_id()
    {
        await host.ApplyAsync(1, Pending("p", _account), Posted("q", _account));
        await host.SettleAsync(_account);
        await host.SettleAsync(_account);
        while (await host.Worker.Get<IEnumerable<IHostedService>>().OfType<OutboxRelay>().Single().RelayAsync(CancellationToken.None))
        {
        }

        var account = await host.IdAsync(_account);
        var settled = Assert.Single(host.Published.Events.OfType<TransactionSettled>(), happened => happened.Transaction.AccountId == account);
        Assert.Equal(await host.RowAsync(_account, "p"), settled.PendingId);
        Assert.Equal((await host.RowAsync(_account, "q"), new Money(-45.50m, "AUD"), TransactionStatus.Posted),
            (settled.Transaction.Id, settled.Transaction.Amount, settled.Transaction.Status));
    }

    [Fact]
    public async Task A_link_is_undone_when_a_later_row_fits_better()
    {
        await host.ApplyAsync(1, Pending("p", _account, day: 1), Posted("far", _account, day: 8));
        await host.SettleAsync(_account);
        Assert.StartsWith("p settled far", Assert.Single(await host.LinesAsync(_account)), StringComparison.Ordinal);

        await host.ApplyAsync(2, Posted("near", _account, day: 2));
        Assert.Equal(new SettlementChange(1, 1, 0, true), await host.SettleAsync(_account));
        Assert.StartsWith("p settled near", Assert.Single(await host.LinesAsync(_account)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_row_posted_under_its_own_id_is_nobodys_twin_whichever_observation_came_first(bool pendingFirst)
    {
        var (pending, posted) = (Pending("x", _account), Posted("x", _account, day: 1));
        await host.ApplyAsync(pendingFirst ? 1 : 2, pendingFirst ? pending : posted);
        await host.ApplyAsync(pendingFirst ? 2 : 1, pendingFirst ? posted : pending);
        await host.ApplyAsync(3, Pending("p", _account));
        await host.SettleAsync(_account);

        Assert.Empty(await host.LinesAsync(_account));
    }

    [Fact]
    public async Task A_hold_sent_as_posted_does_not_count_until_its_twin_does()
    {
        var hold = Posted("h", _account, day: 1) with { Description = "Authorisation" };
        await host.ApplyAsync(1, hold);
        await host.SettleAsync(_account);
        Assert.Equal(["h hold automatic"], await host.LinesAsync(_account));
        Assert.Null(await PostedAsync());

        await host.ApplyAsync(2, Posted("q", _account, day: 3) with { MerchantName = null });
        await host.SettleAsync(_account);
        Assert.Equal(["h settled q payee automatic same amount and payee, booked 2 days later"], await host.LinesAsync(_account));
        Assert.Equal(-45.50m, await PostedAsync());
    }

    [Fact]
    public async Task The_job_gives_up_what_nothing_settled_and_a_late_twin_still_settles_it()
    {
        var job = host.Worker.Get<IEnumerable<IScheduledJob>>().Single(job => job.Id == "expire-pending");
        await host.ApplyAsync(1, Pending("p", _account, day: 1), Posted("h", _account, -100, day: 1) with { Description = "AUTHORISATION" }, Pending("young", _account, -1, day: 20));
        await host.SettleAsync(_account);
        Assert.Equal(["h hold automatic"], await host.LinesAsync(_account));

        host.Clock.Advance(TimeSpan.FromDays(10));
        try
        {
            Assert.Contains(" rows expired in ", await job.RunAsync(CancellationToken.None), StringComparison.Ordinal);
            Assert.Equal(["h expired automatic", "p expired automatic"], await host.LinesAsync(_account));
            Assert.Equal("0 rows expired in 0 accounts", await job.RunAsync(CancellationToken.None));
            await host.ApplyAsync(2, Posted("q", _account, day: 2));
            await host.SettleAsync(_account);
            Assert.Equal(["h expired automatic", "p settled q text automatic same amount and wording, booked a day later"], await host.LinesAsync(_account));
        }
        finally
        {
            host.Clock.Advance(TimeSpan.FromDays(-10));
        }
    }

    [Fact]
    public async Task An_accepted_suggestion_is_a_link_and_a_rejected_one_does_not_come_back()
    {
        await host.ApplyAsync(1, Pending("p", _account, -5000), Posted("q", _account, -5500), Posted("other", _account, -5000, payee: "Coles"));
        await host.SettleAsync(_account);
        Assert.Equal(2, (await host.LinesAsync(_account)).Count);
        var (p, q, other) = (await host.RowAsync(_account, "p"), await host.RowAsync(_account, "q"), await host.RowAsync(_account, "other"));

        Assert.Equal(DecisionResult.Done, await Decisions.DecideAsync(p, other, accept: false, "no", "ann", CancellationToken.None));
        Assert.Equal(["p ? q amount_differs 72 same payee, booked a day later; the amount differs by -5 AUD"], await host.LinesAsync(_account));
        Assert.Equal(DecisionResult.Done, await Decisions.DecideAsync(p, q, accept: true, "a tip", "ann", CancellationToken.None));
        Assert.Equal(["p settled q accepted person somebody said so"], await host.LinesAsync(_account));

        Assert.Equal(DecisionResult.Done, await Decisions.UnlinkAsync(p, q, "ann", CancellationToken.None));
        Assert.Equal(["p ? q amount_differs 72 same payee, booked a day later; the amount differs by -5 AUD"], await host.LinesAsync(_account));
        Assert.Equal(DecisionResult.NotSaid, await Decisions.UnlinkAsync(p, q, "ann", CancellationToken.None));
    }

    [Fact]
    public async Task An_automatic_link_that_is_taken_back_is_rejected_for_good()
    {
        await host.ApplyAsync(1, Pending("p", _account), Posted("q", _account));
        await host.SettleAsync(_account);
        Assert.Equal(DecisionResult.Done, await Decisions.UnlinkAsync(await host.RowAsync(_account, "p"), await host.RowAsync(_account, "q"), "ann", CancellationToken.None));
        await host.SettleAsync(_account);
        Assert.Empty(await host.LinesAsync(_account));
    }

    [Fact]
    public async Task What_cannot_be_one_payment_cannot_be_linked_by_hand()
    {
        var another = Sent.Account();
        await host.ApplyAsync(1, Pending("p", _account), Posted("q", _account) with { Currency = "nzd" }, Posted("r", _account, -1), Posted("s", another));
        await host.ApplyAsync(2, Pending("was", _account, -2));
        await host.ApplyAsync(3, Posted("was", _account, -2));
        await host.SettleAsync(_account);
        var p = await host.RowAsync(_account, "p");

        foreach (var (row, by) in new[] { ("p", "q"), ("p", "p"), ("r", "p"), ("r", "q"), ("p", "was") })
            Assert.Equal(DecisionResult.Impossible, await LinkAsync(await host.RowAsync(_account, row), await host.RowAsync(_account, by)));
        Assert.Equal(DecisionResult.Impossible, await LinkAsync(p, await host.RowAsync(another, "s")));
        Assert.Equal(DecisionResult.NotFound, await LinkAsync(p, long.MaxValue));
        Assert.Equal(0L, await host.Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.settlement_decisions WHERE account_external_id = $1", _account));
        Assert.Equal(DecisionResult.Done, await LinkAsync(p, await host.RowAsync(_account, "r")));
    }

    [Fact]
    public async Task The_last_acceptance_of_a_row_counts()
    {
        await host.ApplyAsync(1, Pending("p1", _account), Pending("p2", _account), Posted("q1", _account, -1), Posted("q2", _account, -2));
        var (p1, p2, q1, q2) = (await host.RowAsync(_account, "p1"), await host.RowAsync(_account, "p2"), await host.RowAsync(_account, "q1"), await host.RowAsync(_account, "q2"));
        await LinkAsync(p1, q1);
        await LinkAsync(p2, q2);

        Assert.Equal(DecisionResult.Done, await LinkAsync(p1, q2));

        Assert.Equal(["p1 settled q2 accepted person somebody said so"], await host.LinesAsync(_account));
    }

    [Fact]
    public async Task A_merge_of_accounts_carries_settlements_and_decisions_along()
    {
        var publicId = $"acct_{Guid.NewGuid():n}";
        await host.ApplyAsync(1, Pending("p", _account), Posted("q", _account, -1), Pending("x", _account, -300));
        await host.ApplyAsync(1, Pending("a", publicId, -200) with { AccountId = null, AccountPublicId = publicId }, Posted("b", publicId, -200) with { AccountId = null, AccountPublicId = publicId });
        await host.ApplyAsync(2, Posted("x", publicId, -300) with { AccountId = null, AccountPublicId = publicId }, Pending("y", publicId, -300) with { AccountId = null, AccountPublicId = publicId });
        await LinkAsync(await host.RowAsync(_account, "p"), await host.RowAsync(_account, "q"));
        await host.SettleAsync(publicId);

        await host.ApplyAsync(3, Posted("joins", _account, -9, payee: "Coles") with { AccountPublicId = publicId });

        // "x" was pending in the one and posted in the other: it is settled by itself, and "y" has to wait.
        string[] expected = ["a settled b text automatic same amount and wording, booked a day later", "p settled q accepted person somebody said so"];
        Assert.Equal(expected, await host.LinesAsync(_account));
        Assert.Equal(SettlementChange.None, await host.SettleAsync(_account));
        Assert.Equal(expected, await host.LinesAsync(_account));
    }

    [Fact]
    public async Task Accepted_and_rejected_pairs_survive_a_rebuild()
    {
        await using var own = new SettlementHostScope();
        var (rebuilt, account) = (await own.StartAsync(), Sent.Account());
        await rebuilt.ApplyAsync(1, Pending("p1", account), Pending("p2", account, -5000), Pending("p3", account, -7000));
        await rebuilt.ApplyAsync(2, Posted("q1", account), Posted("q2", account, -5500), Posted("q3", account, -7000));
        await rebuilt.SettleAsync(account);
        var decisions = rebuilt.Worker.Get<DecisionService>();
        await decisions.DecideAsync(await rebuilt.RowAsync(account, "p2"), await rebuilt.RowAsync(account, "q2"), accept: true, null, "ann", CancellationToken.None);
        await decisions.UnlinkAsync(await rebuilt.RowAsync(account, "p3"), await rebuilt.RowAsync(account, "q3"), "ann", CancellationToken.None);
        var before = await rebuilt.LinesAsync(account);
        Assert.Equal(2, before.Count);
        await rebuilt.Worker.ExecuteAsync("""
            TRUNCATE ledger.accounts, ledger.account_merges, ledger.transactions, ledger.transaction_revisions, ledger.trades, ledger.trade_revisions,
                ledger.quarantine, ledger.sync_runs, ledger.sync_run_chunks, ledger.outbox, ledger.settlements, ledger.settlement_suggestions,
                ledger.once_pending, ledger.account_changes
            """);

        await rebuilt.Worker.ReplayAllAsync();
        await rebuilt.SettleAsync(account);

        Assert.Equal(before, await rebuilt.LinesAsync(account));
    }

    [Fact]
    public async Task Settling_at_once_from_many_sides_ends_as_one_would()
    {
        await host.ApplyAsync(1, [.. Enumerable.Range(0, 20).Select(n => Pending($"p{n:00}", _account))]);
        await Parallel.ForEachAsync(Enumerable.Range(0, 20), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (n, _) =>
        {
            await host.ApplyAsync(2 + n, Posted($"q{n:00}", _account));
            await host.SettleAsync(_account);
        });
        await host.SettleAsync(_account);
        Assert.Equal(Enumerable.Range(0, 20).Select(n => $"p{n:00} settled q{n:00} text automatic same amount and wording, booked a day later"), await host.LinesAsync(_account));
    }

    [Fact]
    public async Task The_keeper_settles_every_account_that_a_delivery_changed_and_empties_the_list()
    {
        var another = Sent.Account();
        await host.ApplyAsync(1, Pending("p", _account), Posted("q", _account), Pending("p", another), Posted("q", another));

        while ((await Keeper.KeepAsync(CancellationToken.None)).HasMore)
        {
        }

        Assert.Single(await host.LinesAsync(_account));
        Assert.Single(await host.LinesAsync(another));
        Assert.Equal(0L, await host.Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.account_changes"));
    }

    private Task<DecisionResult> LinkAsync(long row, long by) => Decisions.DecideAsync(row, by, accept: true, null, "ann", CancellationToken.None);

    private async Task<decimal?> PostedAsync() => (await host.Worker.QueryAsync(
        "SELECT sum(amount) FROM ledger.entries e JOIN ledger.accounts a ON a.id = account_id WHERE a.external_id = $1 AND counts_as_posted",
        row => row.IsDBNull(0) ? (decimal?)null : row.GetDecimal(0), _account)).Single();

    /// <summary>A ledger that is emptied and built anew, so no other test may share it.</summary>
    private sealed class SettlementHostScope : IAsyncDisposable
    {
        private readonly SettlementHost _host = new();

        public async Task<SettlementHost> StartAsync()
        {
            await _host.InitializeAsync();
            return _host;
        }

        public ValueTask DisposeAsync() => _host.DisposeAsync();
    }
}
