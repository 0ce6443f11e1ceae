using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Invariants;

public sealed class ApplyTests(LedgerFixture fixture) : IClassFixture<LedgerFixture>
{
    private WorkerUnderTest Worker => fixture.Worker;

    [Fact]
    public async Task A_new_row_is_applied_and_stands_in_the_ledger_as_sent()
    {
        var account = Sent.Account();

        var outcome = await Worker.ApplyAsync(Sent.Transactions(Sent.Transaction("bank_tx_1", account)));

        Assert.Equal((DeliveryStatus.Applied, 1, 1), (outcome.Status, outcome.Rows, outcome.Applied));
        Assert.Equal(
            [("bank_tx_1", "posted", -45.50m, "AUD", new DateOnly(2026, 8, 14), "Woolworths Sydney", 1)],
            await Worker.QueryAsync(
                "SELECT t.external_id, status, amount, t.currency, booked_on, description, revision FROM ledger.transactions t JOIN ledger.accounts a ON a.id = account_id WHERE a.external_id = $1",
                row => (row.GetString(0), row.GetString(1), row.GetDecimal(2), row.GetString(3), row.GetFieldValue<DateOnly>(4), row.GetString(5), row.GetInt32(6)),
                account));
    }

    [Fact]
    public async Task The_same_message_again_changes_nothing_and_answers_the_same()
    {
        var message = Sent.Transactions(Sent.Transaction("a", Sent.Account()));

        var first = await Worker.ApplyAsync(message);
        var second = await Worker.ApplyAsync(message);

        Assert.Equal(first, second);
        Assert.Equal(1L, await Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.deliveries WHERE id = $1", message.Delivery.Id));
    }

    [Fact]
    public async Task A_redelivery_is_a_duplicate_whose_body_is_not_kept_twice()
    {
        var message = Sent.Transactions(Sent.Transaction("a", Sent.Account()));
        var again = Sent.Again(message);
        await Worker.ApplyAsync(message);

        var outcome = await Worker.ApplyAsync(again);

        Assert.Equal((DeliveryStatus.Duplicate, message.Delivery.Id, 1), (outcome.Status, outcome.DuplicateOf!.Value, outcome.Unchanged));
        Assert.True(await Worker.ScalarAsync<bool>("SELECT body IS NULL FROM ledger.deliveries WHERE id = $1", again.Delivery.Id));
    }

    [Fact]
    public async Task The_same_event_with_other_bytes_is_kept_applied_and_flagged()
    {
        var (account, id) = (Sent.Account(), Guid.NewGuid().ToString());
        var first = Sent.Body(Sent.Write(EventTypes.TransactionsSynced, [Sent.Transaction("a", account)], id));
        var other = Sent.Body(Sent.Write(EventTypes.TransactionsSynced, [Sent.Transaction("b", account)], id));
        await Worker.ApplyAsync(first);

        var outcome = await Worker.ApplyAsync(other);

        Assert.Equal((DeliveryStatus.Applied, 1, first.Delivery.Id), (outcome.Status, outcome.Applied, outcome.ConflictsWith!.Value));
        Assert.Equal(2L, await Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.deliveries WHERE event_id = $1 AND body IS NOT NULL", id));
    }

    [Fact]
    public async Task An_older_observation_does_not_regress_a_row()
    {
        var account = Sent.Account();
        var newer = Sent.Body(Sent.Write(EventTypes.TransactionsSynced, [Sent.Transaction("a", account, 200)], created: Sent.Today));
        var older = Sent.Body(Sent.Write(EventTypes.TransactionsSynced, [Sent.Transaction("a", account, 100)], created: Sent.Today.AddHours(-1)));
        await Worker.ApplyAsync(newer);

        var outcome = await Worker.ApplyAsync(older);

        Assert.Equal((0, 1), (outcome.Applied, outcome.Ignored));
        Assert.Equal(2.00m, await AmountAsync(account, "a"));
        Assert.Equal("""{"stale": 1}""", await Worker.ScalarAsync<string>("SELECT ignored_reasons::text FROM ledger.deliveries WHERE id = $1", older.Delivery.Id));
    }

    [Fact]
    public async Task Posted_wins_over_pending_of_the_same_time()
    {
        var account = Sent.Account();
        await Worker.ApplyAsync(Sent.Transactions(Sent.Transaction("a", account, 200)));

        await Worker.ApplyAsync(Sent.Transactions(Sent.Transaction("a", account, 300) with { Status = "pending" }));

        Assert.Equal(2.00m, await AmountAsync(account, "a"));
    }

    [Fact]
    public async Task A_newer_observation_of_the_same_content_is_unchanged_but_outranks_what_lies_between()
    {
        var account = Sent.Account();
        await Worker.ApplyAsync(At(0, 100));

        Assert.Equal(1, (await Worker.ApplyAsync(At(2, 100))).Unchanged);
        Assert.Equal(1, (await Worker.ApplyAsync(At(1, 200))).Ignored);
        Assert.Equal(1.00m, await AmountAsync(account, "a"));

        IDelivered At(int hours, long amount) =>
            Sent.Body(Sent.Write(EventTypes.TransactionsSynced, [Sent.Transaction("a", account, amount)], created: Sent.Today.AddHours(hours - 4)));
    }

    [Fact]
    public async Task Rows_alike_but_for_the_id_are_two_rows()
    {
        var account = Sent.Account();

        var outcome = await Worker.ApplyAsync(Sent.Transactions(Sent.Transaction("a", account), Sent.Transaction("b", account)));

        Assert.Equal(2, outcome.Applied);
        Assert.Equal(2L, await Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.transactions t JOIN ledger.accounts a ON a.id = account_id WHERE a.external_id = $1", account));
    }

    [Fact]
    public async Task The_same_row_twice_in_one_delivery_is_folded_and_counted()
    {
        var account = Sent.Account();
        var row = Sent.Transaction("a", account);

        var outcome = await Worker.ApplyAsync(Sent.Transactions(row, row, row with { Status = "pending" }));

        Assert.Equal((3, 1, 1, 1), (outcome.Rows, outcome.Applied, outcome.Unchanged, outcome.Ignored));
    }

    [Fact]
    public async Task A_bad_row_is_quarantined_with_its_text_and_the_others_applied()
    {
        var account = Sent.Account();
        var bad = new WireRawRow($$"""{"id":"bad","account_id":"{{account}}","amount":1.5,"description":"\u0000\ud800"}""");

        var outcome = await Worker.ApplyAsync(Sent.Transactions(bad, Sent.Transaction("good", account)));
        var again = await Worker.ApplyAsync(Sent.Transactions(bad, Sent.Transaction("good", account)));

        Assert.Equal((2, 1, 1), (outcome.Rows, outcome.Applied, outcome.Quarantined));
        Assert.Equal((2, 1, 1), (again.Rows, again.Unchanged, again.Ignored));
        Assert.Equal(
            [(0, "new", "transaction", RowRejection.AmountInvalid, "open", bad.Json)],
            await Worker.QueryAsync("SELECT row_index, origin, kind, reason, state, raw_json FROM ledger.quarantine WHERE delivery_id = $1",
                row => (row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5)), outcome.DeliveryId));
    }

    [Theory]
    [InlineData("JPY", 500, "500")]
    [InlineData("KWD", -1, "-0.001")]
    [InlineData("AUD", long.MaxValue, "92233720368547758.07")]
    [InlineData("CLF", long.MinValue, "-922337203685477.5808")]
    public async Task Money_is_exact_in_every_currency(string currency, long minorUnits, string amount)
    {
        var account = Sent.Account();

        await Worker.ApplyAsync(Sent.Transactions(Sent.Transaction("a", account, minorUnits) with { Currency = currency }));

        Assert.Equal(amount, await Worker.ScalarAsync<string>("SELECT amount::text FROM ledger.transactions t JOIN ledger.accounts a ON a.id = account_id WHERE a.external_id = $1", account));
    }

    [Fact]
    public async Task Trades_are_kept_exactly_and_add_up_to_positions()
    {
        var account = Sent.Account();
        var outcome = await Worker.ApplyAsync(Sent.Trades(
            Sent.Trade("1", account, "10.5000000001"), Sent.Trade("2", account, "0.5") with { Type = "sell" }, Sent.Trade("3", account) with { Type = "dividend" }));

        Assert.Equal(3, outcome.Applied);
        Assert.Equal(
            [("VOO", 10.0000000001m, 2L, 1L)],
            await Worker.QueryAsync("SELECT symbol, quantity, trades, ignored FROM ledger.positions JOIN ledger.accounts a ON a.id = account_id WHERE a.external_id = $1",
                row => (row.GetString(0), row.GetDecimal(1), row.GetInt64(2), row.GetInt64(3)), account));
    }

    [Fact]
    public async Task What_cannot_be_read_or_recognised_is_archived_exactly()
    {
        byte[] garbage = [0xFF, 0x00, 0x7B, 0x22];
        var unreadable = Sent.Body(garbage);
        var unrecognised = Sent.Body("""{"id":"evt_1","type":"account.updated","created":1741243200}""");

        Assert.Equal(DeliveryStatus.Unreadable, (await Worker.ApplyAsync(unreadable)).Status);
        Assert.Equal(DeliveryStatus.Unrecognised, (await Worker.ApplyAsync(unrecognised)).Status);

        var stored = await Worker.ScalarAsync<byte[]>("SELECT body FROM ledger.deliveries WHERE id = $1", unreadable.Delivery.Id);
        Assert.Equal(garbage, BodyStore.Unpack(unreadable.Delivery.Body with { GZip = stored }));
        Assert.StartsWith("The body is not JSON", await Worker.ScalarAsync<string>("SELECT error FROM ledger.deliveries WHERE id = $1", unreadable.Delivery.Id), StringComparison.Ordinal);
        Assert.Equal(DeliveryStatus.Duplicate, (await Worker.ApplyAsync(Sent.Again(unrecognised))).Status);
    }

    [Fact]
    public async Task Text_that_the_database_refuses_is_repaired_and_ids_stay_apart()
    {
        var account = Sent.Account();
        var sent = (TransactionsDelivered)Sent.Transactions(Sent.Transaction("a", account), Sent.Transaction("b", account), Sent.Transaction("c", account));
        string[] ids = ["x\0", "x\uD800", "x\uFFFD"];
        var odd = sent with { Rows = [.. sent.Rows.Select((row, index) => row with { ExternalId = ids[index], Description = "a\0b\uDC00c😀" })] };

        var outcome = await Worker.ApplyAsync(odd);

        Assert.Equal(3, outcome.Applied);
        Assert.Equal(["a\uFFFDb\uFFFDc😀"], await Worker.QueryAsync(
            "SELECT DISTINCT description FROM ledger.transactions t JOIN ledger.accounts a ON a.id = account_id WHERE a.external_id = $1", row => row.GetString(0), account));
    }

    [Fact]
    public async Task Ten_thousand_rows_and_accounts_go_in_one_delivery()
    {
        var rows = Enumerable.Range(0, 10_000).Select(n => (IWireRow)Sent.Transaction($"row{n}", n % 2 == 0 ? Sent.Account() : "one account", n)).ToArray();

        var outcome = await Worker.ApplyAsync(Sent.Transactions(rows));

        Assert.Equal((10_000, 10_000), (outcome.Rows, outcome.Applied));
    }

    [Fact]
    public async Task A_run_knows_which_of_its_chunks_came()
    {
        var (account, run) = (Sent.Account(), $"run_{Guid.NewGuid():n}");
        foreach (var chunk in (int[])[3, 1])
            await Worker.ApplyAsync(Sent.Body(Sent.Write(EventTypes.TransactionsSynced, [Sent.Transaction($"{chunk}", account)], metadata: new WireMetadata(run, 1, 0, chunk, 4))));

        Assert.Equal(
            [(2, "2,4", 2L)],
            await Worker.QueryAsync("SELECT received_chunks, array_to_string(missing_chunks, ','), rows FROM ledger.sync_run_progress WHERE run_id = $1",
                row => (row.GetInt32(0), row.GetString(1), row.GetInt64(2)), run));
    }

    private Task<decimal> AmountAsync(string account, string id) => Worker.ScalarAsync<decimal>(
        "SELECT amount FROM ledger.transactions t JOIN ledger.accounts a ON a.id = account_id WHERE a.external_id = $1 AND t.external_id = $2", account, id);
}
