using Redbark.Sync.Simulator.Rest;
using Redbark.Sync.Simulator.Webhooks;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Gaps;

public sealed class LostChunkTests : IAsyncLifetime
{
    private readonly HealingStage _stage = new();

    public ValueTask InitializeAsync() => _stage.StartAsync();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_lost_chunk_is_found_after_the_grace_time_and_healed_exactly()
    {
        await _stage.Redbark.RunAsync(new SyncFaults { Chunk = 2, Drop = true });
        Assert.Equal("no gap", await _stage.HealAsync());
        var before = await _stage.RowsAsync("revision || content_hash::text");
        _stage.Clock.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal("1 gap found; 1 gap healed: 400 rows of 3 accounts", await _stage.HealAsync());

        Assert.Equal(_stage.BankRows(), await _stage.RowsAsync("trim_scale(amount)"));
        Assert.Subset((await _stage.RowsAsync("revision || content_hash::text")).ToHashSet(), before.ToHashSet());
        Assert.Equal(["missing_chunk healed 400 {2}"], await _stage.GapsAsync());
        Assert.Equal(["GapDetected", "GapHealed"], await _stage.EventsAsync());
        Assert.Equal("no gap", await _stage.HealAsync());
    }

    [Fact]
    public async Task A_ledger_rebuilt_from_the_archive_has_the_healed_rows()
    {
        await _stage.Redbark.RunAsync(new SyncFaults { Chunk = 2, Drop = true });
        _stage.Clock.Advance(TimeSpan.FromMinutes(11));
        await _stage.HealAsync();
        var healed = await _stage.RowsAsync("content_hash || observed_at::text");

        await _stage.Worker.ExecuteAsync("TRUNCATE ledger.transactions, ledger.trades, ledger.accounts");
        await _stage.Worker.ReplayAllAsync();

        Assert.Equal(healed, await _stage.RowsAsync("content_hash || observed_at::text"));
    }

    [Fact]
    public async Task A_cached_answer_from_before_the_run_does_not_close_the_gap()
    {
        _stage.Redbark.RestFaults.Caches = true;
        await _stage.Redbark.RunAsync(new SyncFaults { Chunk = 2, Drop = true });
        _stage.Clock.Advance(TimeSpan.FromMinutes(11));
        // Somebody else's calls fill the cache: each answer says that it is one.
        await _stage.HealAsync();
        await _stage.Worker.ExecuteAsync("UPDATE ledger.gaps SET state = 'open', closed_at = NULL, as_of = as_of + interval '12 minutes'");

        Assert.Equal("1 open", await _stage.HealAsync());
        Assert.Equal(["missing_chunk open 400 {2}"], await _stage.GapsAsync());

        _stage.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal("1 gap healed: 400 rows of 3 accounts", await _stage.HealAsync());
    }

    [Fact]
    public async Task A_run_whose_chunks_lack_nothing_by_REST_ends_empty_and_removes_nothing()
    {
        await _stage.Redbark.RunAsync();
        await _stage.Worker.ExecuteAsync("DELETE FROM ledger.sync_run_chunks WHERE chunk = 2");
        var before = await _stage.RowsAsync("revision || content_hash::text");
        _stage.Clock.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal("1 gap found; 1 empty", await _stage.HealAsync());

        Assert.Equal(before, await _stage.RowsAsync("revision || content_hash::text"));
        Assert.Equal(["missing_chunk empty 0 {2}"], await _stage.GapsAsync());
    }

    [Fact]
    public async Task HTML_instead_of_rows_leaves_the_gap_open_with_the_reason()
    {
        await _stage.Redbark.RunAsync(new SyncFaults { Chunk = 2, Drop = true });
        _stage.Clock.Advance(TimeSpan.FromMinutes(11));
        _stage.Redbark.RestFaults.Spoil(BodyFault.Html, "/v1/transactions");

        Assert.StartsWith("1 gap found; 1 open; ", await _stage.HealAsync());
        Assert.Equal("1 open", await _stage.HealAsync());
        _stage.Clock.Advance(TimeSpan.FromMinutes(15));

        Assert.Equal("1 gap healed: 400 rows of 3 accounts", await _stage.HealAsync());
        Assert.Equal(_stage.BankRows(), await _stage.RowsAsync("trim_scale(amount)"));
    }

    [Fact]
    public async Task A_run_that_completes_late_closes_its_gap_by_itself()
    {
        await _stage.Redbark.RunAsync();
        await _stage.Worker.ExecuteAsync("CREATE TABLE late AS SELECT * FROM ledger.sync_run_chunks WHERE chunk = 2; DELETE FROM ledger.sync_run_chunks WHERE chunk = 2");
        _stage.Clock.Advance(TimeSpan.FromMinutes(11));
        _stage.Redbark.RestFaults.Spoil(BodyFault.Html, "/v1/transactions", 9);
        await _stage.HealAsync();
        await _stage.Worker.ExecuteAsync("INSERT INTO ledger.sync_run_chunks SELECT * FROM late");

        Assert.Equal("no gap", await _stage.HealAsync());
        Assert.Equal(["missing_chunk healed 0 {2}"], await _stage.GapsAsync());
    }

    [Fact]
    public async Task Two_workers_at_once_heal_once()
    {
        await _stage.Redbark.RunAsync(new SyncFaults { Chunk = 2, Drop = true });
        _stage.Clock.Advance(TimeSpan.FromMinutes(11));

        await Task.WhenAll(_stage.HealAsync(), _stage.HealAsync());

        Assert.Equal(["missing_chunk healed 400 {2}"], await _stage.GapsAsync());
        Assert.Equal(1, await _stage.Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.outbox WHERE type = 'GapHealed'"));
        Assert.Equal(3, await _stage.Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.gap_reads"));
    }

    [Fact]
    public async Task A_window_of_more_rows_than_one_request_reaches_is_split_and_read_whole()
    {
        _stage.Redbark.RestFaults.RowCeiling = 90;
        await _stage.Redbark.RunAsync(new SyncFaults { Chunk = 2, Drop = true });
        _stage.Clock.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal("1 gap found; 1 gap healed: 400 rows of 3 accounts", await _stage.HealAsync());

        Assert.Equal(_stage.BankRows(), await _stage.RowsAsync("trim_scale(amount)"));
    }

    [Fact]
    public async Task A_day_of_more_rows_than_REST_reaches_stays_open_and_is_named()
    {
        _stage.Redbark.RestFaults.RowCeiling = 2;
        await _stage.Redbark.RunAsync(new SyncFaults { Chunk = 2, Drop = true });
        _stage.Clock.Advance(TimeSpan.FromMinutes(11));

        Assert.Matches("^1 gap found; 1 open; [0-9-]{10} holds more rows than REST can reach: some may still be missing$", await _stage.HealAsync());
        Assert.Equal("failed", await _stage.Worker.ScalarAsync<string>("SELECT state FROM ledger.gaps"));
    }
}
