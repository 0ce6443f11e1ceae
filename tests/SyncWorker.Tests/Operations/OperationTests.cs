using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Operations;
using Redbark.Sync.Worker.Tests.Support;
using Asked = Redbark.Sync.Worker.Operations.Operation;

namespace Redbark.Sync.Worker.Tests.Operations;

public sealed class OperationTests : IAsyncLifetime
{
    private readonly CountingWork _work = new(steps: 5);
    private TestDatabase _database = null!;
    private WorkerUnderTest _worker = null!;

    private OperationStore Store => _worker.Get<OperationStore>();

    private OperationRunner Runner => _worker.Get<OperationRunner>();

    public async ValueTask InitializeAsync()
    {
        _database = await LedgerDatabase.CreateAsync();
        _worker = new WorkerUnderTest(_database.ConnectionString, services =>
        {
            services.RemoveAll<IOperationWork>();
            services.AddSingleton<IOperationWork>(_work);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task An_operation_is_done_step_by_step_and_tells_what_came_of_it()
    {
        var asked = await AskAsync();
        Assert.Equal((OperationState.Queued, "somebody", null), (asked.State, asked.RequestedBy, asked.Total));

        Assert.True(await RunAsync());
        var done = await FindAsync(asked.Id);
        Assert.Equal((OperationState.Done, 5L, 5L, null), (done.State, done.Done, done.Total, done.Doing));
        Assert.Contains("\"steps\": 5", done.Counts, StringComparison.Ordinal);
        Assert.NotNull(done.FinishedAt);
        Assert.False(await RunAsync());
    }

    [Fact]
    public async Task An_operation_whose_worker_died_goes_on_elsewhere_from_where_it_was()
    {
        var asked = await AskAsync();
        var dead = (await Store.ClaimAsync(asked.Kind, "dead", CancellationToken.None))!;
        Assert.Equal(Hold.Kept, await Store.SaveAsync(dead, At(3), CancellationToken.None));
        Assert.False(await RunAsync());

        await _worker.ExecuteAsync("UPDATE ledger.operations SET lease_until = now() - interval '1 second'");
        Assert.True(await RunAsync());

        Assert.Equal(["3", "4"], _work.Began);
        var done = await FindAsync(asked.Id);
        Assert.Equal((OperationState.Done, 5L, 2), (done.State, done.Done, done.Claims));
        Assert.Contains("\"steps\": 5", done.Counts, StringComparison.Ordinal);
        // Should it come to life again, it is told.
        Assert.Equal(Hold.Lost, await Store.SaveAsync(dead, At(4), CancellationToken.None));
        Assert.Equal(Hold.Lost, await Store.FinishAsync(dead, At(4), OperationState.Failed, CancellationToken.None));
        Assert.Equal(OperationState.Done, (await FindAsync(asked.Id)).State);
    }

    [Fact]
    public async Task Workers_that_look_at_once_do_not_take_the_same_one()
    {
        await AskAsync("""{"n": 1}""");
        await AskAsync("""{"n": 2}""");
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Store.ClaimAsync(OperationKind.Replay, $"w{n}", CancellationToken.None)));
        Assert.Single(taken, operation => operation is not null);
    }

    [Fact]
    public async Task The_same_is_not_asked_for_twice_at_once()
    {
        var first = await AskAsync("""{"a": 1, "b": 2}""");
        Assert.Null(await Store.AddAsync(OperationKind.Replay, """{"b":2,"a":1}""", "another", CancellationToken.None));
        Assert.NotNull(await Store.AddAsync(OperationKind.Backfill, """{"b":2,"a":1}""", "another", CancellationToken.None));
        await RunAsync();
        Assert.Equal(OperationState.Done, (await FindAsync(first.Id)).State);
        Assert.NotNull(await Store.AddAsync(OperationKind.Replay, """{"b":2,"a":1}""", "another", CancellationToken.None));
    }

    [Fact]
    public async Task One_that_runs_ends_between_two_steps_when_it_is_cancelled()
    {
        var asked = await AskAsync();
        _work.Before = async (step, cancellation) =>
        {
            if (step == 3)
            {
                Assert.True(await Store.CancelAsync(asked.Id, "somebody else", cancellation));
                // As long as it takes until progress is saved again.
                await Task.Delay(TimeSpan.FromMilliseconds(300), cancellation);
            }

            return null;
        };
        await RunAsync();
        var ended = await FindAsync(asked.Id);
        Assert.Equal((OperationState.Cancelled, 3L, "somebody else"), (ended.State, ended.Done, ended.CancelledBy));
        Assert.False(await Store.CancelAsync(asked.Id, "late", CancellationToken.None));
    }

    [Fact]
    public async Task A_step_that_waits_long_is_broken_off()
    {
        var asked = await AskAsync();
        _work.Before = async (step, cancellation) =>
        {
            if (step == 3)
            {
                await Store.CancelAsync(asked.Id, "somebody", cancellation);
                await Task.Delay(Timeout.Infinite, cancellation);
            }

            return null;
        };
        await RunAsync();
        var ended = await FindAsync(asked.Id);
        Assert.Equal((OperationState.Cancelled, 2L, "2"), (ended.State, ended.Done, ended.Cursor));
    }

    [Fact]
    public async Task One_that_waits_is_cancelled_at_once_and_one_whose_worker_died_by_the_next()
    {
        var waiting = await AskAsync("""{"n": 1}""");
        Assert.True(await Store.CancelAsync(waiting.Id, "somebody", CancellationToken.None));
        Assert.Equal(OperationState.Cancelled, (await FindAsync(waiting.Id)).State);
        Assert.False(await RunAsync());

        var running = await AskAsync("""{"n": 2}""");
        await Store.ClaimAsync(OperationKind.Replay, "dead", CancellationToken.None);
        Assert.True(await Store.CancelAsync(running.Id, "somebody", CancellationToken.None));
        Assert.Equal(OperationState.Running, (await FindAsync(running.Id)).State);
        await _worker.ExecuteAsync("UPDATE ledger.operations SET lease_until = now() - interval '1 second' WHERE state = 'running'");
        Assert.True(await RunAsync());
        Assert.Equal(OperationState.Cancelled, (await FindAsync(running.Id)).State);
        Assert.Empty(_work.Began);
    }

    [Fact]
    public async Task A_worker_that_stops_gives_it_back_with_what_it_did()
    {
        var asked = await AskAsync();
        using var stopping = new CancellationTokenSource();
        _work.Before = async (step, _) =>
        {
            if (step == 4)
                await stopping.CancelAsync();
            return null;
        };
        await Runner.RunNextAsync(OperationKind.Replay, stopping.Token);
        var waiting = await FindAsync(asked.Id);
        Assert.Equal((OperationState.Queued, "3", 3L, null), (waiting.State, waiting.Cursor, waiting.Done, waiting.Lease));

        _work.Before = null;
        Assert.True(await RunAsync());
        Assert.Equal((OperationState.Done, 5L), ((await FindAsync(asked.Id)).State, (await FindAsync(asked.Id)).Done));
    }

    [Fact]
    public async Task One_that_must_rest_is_left_alone_until_then_and_another_goes_first()
    {
        var asked = await AskAsync("""{"n": 1}""");
        _work.Before = (step, _) => Task.FromResult<DateTimeOffset?>(step == 2 ? DateTimeOffset.UtcNow.AddHours(1) : null);
        Assert.True(await RunAsync());
        var resting = await FindAsync(asked.Id);
        Assert.Equal((OperationState.Queued, "rests", 1L), (resting.State, resting.Doing, resting.Done));
        Assert.False(await RunAsync());

        _work.Before = null;
        var other = await AskAsync("""{"n": 2}""");
        Assert.True(await RunAsync());
        Assert.Equal(OperationState.Done, (await FindAsync(other.Id)).State);
        await _worker.ExecuteAsync("UPDATE ledger.operations SET not_before = now() WHERE finished_at IS NULL");
        Assert.True(await RunAsync());
        Assert.Equal((OperationState.Done, 5L), ((await FindAsync(asked.Id)).State, (await FindAsync(asked.Id)).Done));
    }

    [Fact]
    public async Task What_nobody_foresaw_ends_it_and_is_said()
    {
        var asked = await AskAsync();
        _work.Before = (step, _) => step == 2 ? throw new InvalidOperationException("no luck") : Task.FromResult<DateTimeOffset?>(null);
        Assert.True(await RunAsync());
        var failed = await FindAsync(asked.Id);
        Assert.Equal((OperationState.Failed, "no luck", 1L), (failed.State, failed.Error, failed.Done));
    }

    private static Progress At(int step) => new($"{step}", 5, step, new Dictionary<string, long> { ["steps"] = step }, $"step {step}", null);

    private Task<bool> RunAsync() => Runner.RunNextAsync(OperationKind.Replay, CancellationToken.None);

    private async Task<Asked> AskAsync(string request = """{"n": 0}""") =>
        (await Store.AddAsync(OperationKind.Replay, request, "somebody", CancellationToken.None))!;

    private async Task<Asked> FindAsync(long id) => (await Store.FindAsync(id, CancellationToken.None))!;
}
