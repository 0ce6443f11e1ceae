using Redbark.Sync.Contracts;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Quarantine;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Operation;

public sealed class ReplayTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private WorkerUnderTest _worker = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await LedgerDatabase.CreateAsync();
        _worker = new WorkerUnderTest(_database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task The_archive_replayed_into_an_empty_ledger_gives_the_same_ledger(int seed)
    {
        var history = FsCheck.Fluent.Gen.Sample(History.Arbitrary().Generator, 30, 1).First() with { Shuffle = seed };
        foreach (var message in history.Shuffled(history.Deliveries("replay")))
            await _worker.ApplyAsync(message);
        var before = await StateAsync();
        await _worker.ExecuteAsync("""
            TRUNCATE ledger.accounts, ledger.account_merges, ledger.transactions, ledger.transaction_revisions, ledger.trades, ledger.trade_revisions,
                ledger.quarantine, ledger.sync_runs, ledger.sync_run_chunks, ledger.outbox,
                ledger.settlements, ledger.settlement_suggestions, ledger.once_pending, ledger.account_changes
            """);

        await _worker.ReplayAllAsync();

        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task A_replay_of_what_is_in_the_ledger_changes_nothing()
    {
        var message = Sent.Transactions(Sent.Transaction("a", Sent.Account()), new WireRawRow("\"not an object\""));
        var applied = await _worker.ApplyAsync(message);

        var replayed = await _worker.Replayer.ReplayAsync(message.Delivery.Id, CancellationToken.None);

        Assert.Equal(applied, replayed);
        Assert.Equal(1, await _worker.ScalarAsync<int>("SELECT revision FROM ledger.transactions"));
        Assert.Null(await _worker.Replayer.ReplayAsync(Guid.CreateVersion7(), CancellationToken.None));
    }

    [Fact]
    public async Task A_row_that_has_become_readable_leaves_quarantine_by_a_retry()
    {
        // As an older parser would have left it: the row in quarantine, not in the ledger.
        var read = (TransactionsDelivered)Sent.Transactions(Sent.Transaction("a", Sent.Account()), Sent.Transaction("b", Sent.Account()));
        await _worker.ApplyAsync(read with { Rows = [read.Rows[0]], Rejected = [new RejectedRow(1, RowOrigin.New, RowRejection.AmountInvalid, "amount", "b", "{}")] });
        var item = await _worker.ScalarAsync<long>("SELECT id FROM ledger.quarantine");

        Assert.Equal(QuarantineResult.Applied, await _worker.Quarantine.RetryAsync(item, CancellationToken.None));

        Assert.Equal((2, 0), (await _worker.QueryAsync("SELECT applied, quarantined FROM ledger.deliveries", row => (row.GetInt32(0), row.GetInt32(1)))).Single());
        Assert.Equal(2L, await _worker.ScalarAsync<long>("SELECT count(*) FROM ledger.transactions"));
        Assert.Equal(QuarantineResult.NotOpen, await _worker.Quarantine.RetryAsync(item, CancellationToken.None));
    }

    [Fact]
    public async Task A_dropped_row_is_counted_as_ignored_and_does_not_come_back()
    {
        var bad = new WireRawRow("""{"id":"x"}""");
        var message = Sent.Transactions(bad);
        await _worker.ApplyAsync(message);
        var item = await _worker.ScalarAsync<long>("SELECT id FROM ledger.quarantine");

        Assert.Equal(QuarantineResult.StillOpen, await _worker.Quarantine.RetryAsync(item, CancellationToken.None));
        Assert.Equal(QuarantineResult.Dropped, await _worker.Quarantine.DropAsync(item, "a test of the bank's", by: null, CancellationToken.None));
        Assert.Equal(QuarantineResult.NotOpen, await _worker.Quarantine.DropAsync(item, null, by: null, CancellationToken.None));
        Assert.Equal(QuarantineResult.NotFound, await _worker.Quarantine.DropAsync(item + 1, null, by: null, CancellationToken.None));

        Assert.Equal((0, 1, """{"dropped": 1}"""), (await _worker.QueryAsync("SELECT quarantined, ignored, ignored_reasons::text FROM ledger.deliveries",
            row => (row.GetInt32(0), row.GetInt32(1), row.GetString(2)))).Single());
        await _worker.Replayer.ReplayAsync(message.Delivery.Id, CancellationToken.None);
        Assert.Equal(1, (await _worker.ApplyAsync(Sent.Transactions(bad))).Ignored);
        Assert.Equal("dropped", await _worker.ScalarAsync<string>("SELECT state FROM ledger.quarantine"));
    }

    private async Task<string> StateAsync() => string.Join('\n', [
        .. await LedgerSnapshot.OfAsync(_worker, "replay"),
        .. await _worker.QueryAsync("SELECT concat_ws(' ', id, status, rows, applied + unchanged + ignored, quarantined) FROM ledger.deliveries ORDER BY id", row => row.GetString(0)),
    ]);
}
