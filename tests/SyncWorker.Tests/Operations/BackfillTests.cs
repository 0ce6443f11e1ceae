using System.Text.Json;
using Redbark.Sync.Simulator.Webhooks;
using Redbark.Sync.Worker.Operations;
using Redbark.Sync.Worker.Operations.Kinds;
using Redbark.Sync.Worker.Tests.Gaps;
using Asked = Redbark.Sync.Worker.Operations.Operation;

namespace Redbark.Sync.Worker.Tests.Operations;

public sealed class BackfillTests : IAsyncLifetime
{
    private readonly HealingStage _stage = new();

    public ValueTask InitializeAsync() => _stage.StartAsync();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task What_the_bank_has_of_the_days_enters_the_ledger_as_deliveries_and_once()
    {
        await _stage.Redbark.RunAsync(new SyncFaults { Chunk = 2, Drop = true });
        Assert.NotEqual(_stage.BankRows(), await _stage.RowsAsync("trim_scale(amount)"));

        var first = await BackfillAsync();

        Assert.Equal(_stage.BankRows(), await _stage.RowsAsync("trim_scale(amount)"));
        Assert.Equal((OperationState.Done, first.Total), (first.State, first.Done));
        Assert.Equal(400, Counts(first)["rows applied"]);
        Assert.Equal(Counts(first)["deliveries made"], await _stage.Worker.ScalarAsync<long>(
            "SELECT count(*) FROM ledger.deliveries WHERE feed = 'rest' AND headers ->> 'x-redbark-sync-origin' = $1", $"operation {first.Id}"));

        var second = await BackfillAsync();
        Assert.Equal(OperationState.Done, second.State);
        Assert.False(Counts(second).ContainsKey("rows applied"));
    }

    [Fact]
    public async Task One_that_is_taken_up_again_reads_only_what_is_left()
    {
        await _stage.Redbark.RunAsync(new SyncFaults { Chunk = 2, Drop = true });
        var whole = await BackfillAsync();
        var last = await _stage.Worker.ScalarAsync<string>("SELECT cursor FROM ledger.operations WHERE id = $1", whole.Id);
        await _stage.Worker.ExecuteAsync($"UPDATE ledger.operations SET state = 'queued', finished_at = NULL, done = total WHERE id = {whole.Id}");
        await RunAsync();
        var again = (await _stage.Worker.Get<OperationStore>().FindAsync(whole.Id, CancellationToken.None))!;
        Assert.Equal((OperationState.Done, last, whole.Counts), (again.State, again.Cursor, again.Counts));
    }

    [Fact]
    public async Task Calls_that_fail_for_now_make_it_rest_and_it_ends_all_the_same()
    {
        await _stage.Redbark.RunAsync(new SyncFaults { Chunk = 2, Drop = true });
        await _stage.RunJobAsync("sync-accounts");
        _stage.Redbark.RestFaults.Unavailable = 3;
        var resting = await BackfillAsync();
        Assert.Equal(OperationState.Queued, resting.State);
        Assert.StartsWith("waits: ", resting.Doing, StringComparison.Ordinal);

        await _stage.Worker.ExecuteAsync("UPDATE ledger.operations SET not_before = NULL WHERE finished_at IS NULL");
        await RunAsync();
        resting = (await _stage.Worker.Get<OperationStore>().FindAsync(resting.Id, CancellationToken.None))!;

        Assert.Equal((OperationState.Done, resting.Total), (resting.State, resting.Done));
        Assert.Equal(_stage.BankRows(), await _stage.RowsAsync("trim_scale(amount)"));
    }

    private async Task<Asked> BackfillAsync()
    {
        var today = DateOnly.FromDateTime(_stage.Clock.GetUtcNow().UtcDateTime).AddDays(1);
        var order = new BackfillOrder(null, today.AddDays(-200), today);
        var store = _stage.Worker.Get<OperationStore>();
        var operation = (await store.AddAsync(OperationKind.Backfill, JsonSerializer.Serialize(order, OperationJson.Default.BackfillOrder), "a test", CancellationToken.None))!;
        await RunAsync();
        return (await store.FindAsync(operation.Id, CancellationToken.None))!;
    }

    private async Task RunAsync()
    {
        while (await _stage.Worker.Get<OperationRunner>().RunNextAsync(OperationKind.Backfill, CancellationToken.None))
        {
        }
    }

    private static Dictionary<string, long> Counts(Asked operation) => JsonSerializer.Deserialize<Dictionary<string, long>>(operation.Counts)!;
}
