using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Invariants;

public sealed class AccountTests(LedgerFixture fixture) : IClassFixture<LedgerFixture>
{
    private WorkerUnderTest Worker => fixture.Worker;

    [Fact]
    public async Task Accounts_seen_apart_are_merged_and_no_version_of_their_rows_is_lost()
    {
        var (id, publicId) = (Sent.Account(), $"acct_{Guid.NewGuid():n}");
        var byId = Sent.Transaction("a", id, 100);
        await Worker.ApplyAsync(At(1, byId));
        await Worker.ApplyAsync(At(2, byId with { AccountId = null, AccountPublicId = publicId, Amount = 200 }, Sent.Transaction("b", id) with { AccountId = null, AccountPublicId = publicId }));

        await Worker.ApplyAsync(At(3, Sent.Transaction("c", id) with { AccountPublicId = publicId }));

        var account = Assert.Single(await Worker.QueryAsync("SELECT id FROM ledger.accounts WHERE external_id = $1 OR public_id = $2", row => row.GetInt64(0), id, publicId));
        Assert.Equal(
            ["a 2.00", "b -45.50", "c -45.50"],
            await Worker.QueryAsync("SELECT external_id || ' ' || amount FROM ledger.transactions WHERE account_id = $1 ORDER BY 1", row => row.GetString(0), account));
        // The version of "a" in each account, the winner, and "b" before it moved.
        Assert.Equal(
            ["a 1.00 false", "a 2.00 true", "b -45.50 false"],
            await Worker.QueryAsync(
                "SELECT concat_ws(' ', external_id, amount, removed) FROM ledger.transaction_revisions WHERE account_id = $1 OR account_id = (SELECT merged_id FROM ledger.account_merges WHERE account_id = $1) ORDER BY 1",
                row => row.GetString(0).Replace(" t", " true", StringComparison.Ordinal).Replace(" f", " false", StringComparison.Ordinal), account));
    }

    [Fact]
    public async Task A_row_without_a_currency_waits_until_its_account_has_one()
    {
        var account = Sent.Account();
        var waiting = Sent.Transactions(Sent.Transaction("a", account) with { Currency = null });

        var first = await Worker.ApplyAsync(waiting);
        Assert.Equal((0, 1), (first.Applied, first.Quarantined));
        Assert.Equal(
            (RowRejection.CurrencyUnknown, true),
            (await Worker.QueryAsync("SELECT reason, raw_json LIKE '{\"id\":\"a\",\"object\":\"transaction\"%' FROM ledger.quarantine WHERE delivery_id = $1",
                row => (row.GetString(0), row.GetBoolean(1)), waiting.Delivery.Id)).Single());

        await Worker.ApplyAsync(Sent.Transactions(Sent.Transaction("b", account) with { Currency = "kwd" }));

        Assert.Equal(
            ("-4.550", "KWD", waiting.Delivery.Id),
            (await Worker.QueryAsync("SELECT amount::text, t.currency, delivery_id FROM ledger.transactions t JOIN ledger.accounts a ON a.id = account_id WHERE a.external_id = $1 AND t.external_id = 'a'",
                row => (row.GetString(0), row.GetString(1), row.GetGuid(2)), account)).Single());
        Assert.Equal((1, 0), (await Worker.QueryAsync("SELECT applied, quarantined FROM ledger.deliveries WHERE id = $1", row => (row.GetInt32(0), row.GetInt32(1)), waiting.Delivery.Id)).Single());
    }

    [Fact]
    public async Task A_corrected_currency_takes_the_rows_along_that_assumed_it()
    {
        var account = Sent.Account();
        await Worker.ApplyAsync(At(1, Sent.Transaction("a", account) with { Currency = "aud" }, Sent.Transaction("b", account) with { Currency = null }));

        await Worker.ApplyAsync(At(2, Sent.Transaction("c", account) with { Currency = "jpy" }));

        Assert.Equal(
            ["a -45.50 AUD 1", "b -4550 JPY 2", "c -4550 JPY 1"],
            await Worker.QueryAsync("SELECT concat_ws(' ', t.external_id, amount, t.currency, revision) FROM ledger.transactions t JOIN ledger.accounts a ON a.id = account_id WHERE a.external_id = $1 ORDER BY 1",
                row => row.GetString(0), account));
    }

    [Fact]
    public async Task Where_ids_contradict_each_other_the_account_id_decides_and_money_is_not_mixed()
    {
        var (first, second, publicId) = (Sent.Account(), Sent.Account(), $"acct_{Guid.NewGuid():n}");
        await Worker.ApplyAsync(Sent.Transactions(Sent.Transaction("a", first) with { AccountPublicId = publicId }));

        var outcome = await Worker.ApplyAsync(Sent.Transactions(Sent.Transaction("b", second) with { AccountPublicId = publicId }));

        Assert.Equal(1, outcome.Applied);
        Assert.Equal(2L, await Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.accounts WHERE external_id IN ($1, $2)", first, second));
    }

    private static IDelivered At(int hour, params IWireRow[] rows) =>
        Sent.Body(Sent.Write(EventTypes.TransactionsSynced, rows, created: Sent.Today.AddHours(hour - 10)));
}
