using System.Text.Json;
using Redbark.Sync.Worker.Operations;
using Redbark.Sync.Worker.Operations.Kinds;
using Redbark.Sync.Worker.Tests.Support;
using Asked = Redbark.Sync.Worker.Operations.Operation;

namespace Redbark.Sync.Worker.Tests.Operations;

public sealed class ReplayOperationTests(LedgerFixture ledger) : IClassFixture<LedgerFixture>
{
    private static readonly DateTimeOffset Day = new(2026, 9, 1, 0, 0, 0, TimeSpan.Zero);

    private WorkerUnderTest Worker => ledger.Worker;

    [Fact]
    public async Task What_is_parked_in_a_range_is_applied_and_nothing_else_is_touched()
    {
        var account = Sent.Account();
        var inside = Parked(account, "in-1", Day.AddHours(1));
        var second = Parked(account, "in-2", Day.AddHours(2));
        var late = Parked(account, "late", Day.AddDays(1));
        foreach (var delivery in new[] { inside, second, late })
            await Worker.Ledger.ParkAsync(delivery, "no luck", CancellationToken.None);
        var applied = await Worker.ApplyAsync(Sent.Body(Sent.Write("transactions.synced", [Sent.Transaction("ok", account)]), Day.AddHours(3)));

        var operation = await RunAsync(new ReplayOrder(Day, Day.AddDays(1), Sent.Feed, null, "parked"));

        Assert.Equal((OperationState.Done, 2L, 2L), (operation.State, operation.Done, operation.Total));
        var counts = JsonSerializer.Deserialize<Dictionary<string, long>>(operation.Counts)!;
        Assert.Equal((2, 2), (counts["applied"], counts["rows applied"]));
        Assert.Equal(["applied", "applied", "applied", "parked"], await Worker.QueryAsync(
            "SELECT status FROM ledger.deliveries WHERE id = ANY ($1) ORDER BY received_at", row => row.GetString(0), new[] { inside.Id, second.Id, applied.DeliveryId, late.Id }));
        Assert.Equal(0L, await Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.deliveries WHERE id = $1 AND replayed_at IS NOT NULL", applied.DeliveryId));
    }

    [Fact]
    public async Task One_delivery_that_cannot_be_replayed_does_not_stop_the_others_and_is_named()
    {
        var month = Day.AddMonths(-3);
        var account = Sent.Account();
        var first = await Worker.ApplyAsync(Sent.Body(Sent.Write("transactions.synced", [Sent.Transaction("a", account)], "twice"), month));
        var body = Sent.Body(Sent.Write("transactions.synced", [Sent.Transaction("b", account)]), month.AddHours(1));
        await Worker.ApplyAsync(body);
        await Worker.ExecuteAsync($"UPDATE ledger.deliveries SET body = NULL, duplicate_of = '{Guid.CreateVersion7(month.AddYears(-2))}' WHERE id = '{first.DeliveryId}'");

        var operation = await RunAsync(new ReplayOrder(month, month.AddDays(1), null, null, null));

        Assert.Equal((OperationState.Failed, 2L), (operation.State, operation.Done));
        Assert.Contains($"Delivery {first.DeliveryId}", operation.Error, StringComparison.Ordinal);
        Assert.Equal(1L, JsonSerializer.Deserialize<Dictionary<string, long>>(operation.Counts)!["failed"]);
        Assert.Equal(1L, await Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.deliveries WHERE id = $1 AND replayed_at IS NOT NULL", body.Delivery.Id));
    }

    [Fact]
    public async Task A_rebuild_that_goes_on_after_a_crash_counts_nothing_twice()
    {
        await using var database = await LedgerDatabase.CreateAsync();
        await using var worker = new WorkerUnderTest(database.ConnectionString);
        var account = Sent.Account();
        await worker.ApplyAsync(Sent.Body(
            System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(Sent.Write("transactions.synced", [Sent.Transaction("good", account), Sent.Transaction("bad", account, amount: -666)]))
                .Replace("-666", "\"?\"", StringComparison.Ordinal)), Day));
        var counts = await CountsAsync();
        Assert.Equal(["1 0 1 0"], counts);
        await worker.ExecuteAsync("TRUNCATE ledger.accounts, ledger.transactions, ledger.transaction_revisions, ledger.trades, ledger.trade_revisions, ledger.quarantine, ledger.account_changes");

        // The step is done, and not saved, when its worker is killed; another takes the operation up from where it was.
        var store = worker.Get<OperationStore>();
        var order = JsonSerializer.Serialize(new ReplayOrder(Day.AddDays(-1), null, null, null, null), OperationJson.Default.ReplayOrder);
        await store.AddAsync(OperationKind.Replay, order, "a test", CancellationToken.None);
        var operation = (await store.ClaimAsync(OperationKind.Replay, "killed", CancellationToken.None))!;
        var work = worker.Get<IEnumerable<IOperationWork>>().Single(some => some.Kind == OperationKind.Replay);
        var begun = (await work.StepAsync(operation, new Progress(null, null, 0, new Dictionary<string, long>(), null, null), CancellationToken.None)).Progress;
        await work.StepAsync(operation, begun, CancellationToken.None);
        await work.StepAsync(operation, begun, CancellationToken.None);

        Assert.Equal(counts, await CountsAsync());
        Assert.Equal(1L, await worker.ScalarAsync<long>("SELECT count(*) FROM ledger.quarantine WHERE state = 'open'"));

        Task<List<string>> CountsAsync() => worker.QueryAsync("SELECT concat_ws(' ', applied, unchanged, quarantined, ignored) FROM ledger.deliveries", row => row.GetString(0));
    }

    private static Contracts.Delivery Parked(string account, string id, DateTimeOffset at) => Sent.Envelope(Sent.Write("transactions.synced", [Sent.Transaction(id, account)]), at);

    private async Task<Asked> RunAsync(ReplayOrder order)
    {
        var store = Worker.Get<OperationStore>();
        var operation = (await store.AddAsync(OperationKind.Replay, JsonSerializer.Serialize(order, OperationJson.Default.ReplayOrder), "a test", CancellationToken.None))!;
        while (await Worker.Get<OperationRunner>().RunNextAsync(OperationKind.Replay, CancellationToken.None))
        {
        }

        return (await store.FindAsync(operation.Id, CancellationToken.None))!;
    }
}
