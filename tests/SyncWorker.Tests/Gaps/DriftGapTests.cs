using Redbark.Sync.Contracts;
using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.Rest;
using Redbark.Sync.Simulator.Webhooks;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Gaps;

/// <summary>A whole run is lost, so that no chunk tells of it: the proof does.</summary>
public sealed class DriftGapTests : IAsyncLifetime
{
    private readonly HealingStage _stage = new() { Bank = new BankOptions { Accounts = 1, PendingRows = 0, Trades = 0, Rows = 1800, Days = 12 } };

    public async ValueTask InitializeAsync()
    {
        await _stage.StartAsync();
        await _stage.Redbark.RunAsync();
        await _stage.ProveAsync();
        await _stage.PassAsync(days: 1);
        Assert.Equal("1 proved", await _stage.ProveAsync());
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_lost_run_is_known_by_its_drift_and_healed_and_the_account_proved_again()
    {
        await LoseRunAsync(rows: 7);
        Assert.Equal("no gap", await _stage.HealAsync());
        await _stage.PassAsync(days: 4);
        Assert.Equal("1 drift", await _stage.ProveAsync());

        Assert.Equal("1 gap found; 1 gap healed: 7 rows of 1 account", await _stage.HealAsync());

        Assert.Equal(_stage.BankRows(), await _stage.RowsAsync("trim_scale(amount)"));
        Assert.Equal("1 proved", await _stage.RunJobAsync("reconcile"));
        Assert.Equal(["drift healed 7 {}"], await _stage.GapsAsync());
        Assert.Equal("no gap", await _stage.HealAsync());
        Assert.Equal(["DriftDetected", "GapDetected", "DriftCleared", "GapHealed"], await _stage.EventsAsync());
    }

    [Fact]
    public async Task Of_a_window_of_many_rows_only_the_days_that_differ_are_read()
    {
        await LoseRunAsync(rows: 3);
        await _stage.PassAsync(days: 4);

        Assert.Equal("1 gap found; 1 gap healed: 3 rows of 1 account", await _stage.HealAsync());

        var (days, counts, read) = (await _stage.Worker.QueryAsync("SELECT days, counts, rows FROM ledger.gap_reads", row => (row.GetInt32(0), row.GetInt32(1), row.GetInt32(2)))).Single();
        var window = await _stage.Worker.ScalarAsync<int>("SELECT to_day - from_day + 1 FROM ledger.gaps");
        Assert.InRange(days, 1, window - 1);
        Assert.InRange(counts, 2, window);
        Assert.InRange(read, 3, 500);
    }

    [Fact]
    public async Task A_row_that_took_the_place_of_another_is_found_though_the_numbers_of_rows_agree()
    {
        var lost = await LoseRunAsync(rows: 1);
var at = _stage.Clock.GetUtcNow();
        var foreign = Sent.Transaction("bank_tx_foreign", lost[0].AccountId.ToString(), -7) with { LocalDate = $"{_stage.Redbark.Bank.Today:yyyy-MM-dd}", TransactionDate = null };
        await _stage.Worker.ApplyAsync(Sent.Body(Sent.Write(EventTypes.TransactionsSynced, [foreign], created: at), at));
        await _stage.PassAsync(days: 4);

        await _stage.HealAsync();

        Assert.Contains(await _stage.RowsAsync("''"), row => row.Contains(lost[0].Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_REST_has_nothing_the_drift_waits_for_a_person_and_is_looked_at_again_a_day_later()
    {
        var lost = (await LoseRunAsync(rows: 1))[0].Key;
        _stage.Redbark.RestFaults.Hides = row => row.Key == lost;
        await _stage.PassAsync(days: 4);

        Assert.Equal("1 gap found; 1 open; all that REST has is in the ledger, and the account still drifts", await _stage.HealAsync());
        Assert.Equal(["drift failed 0 {}"], await _stage.GapsAsync());
        Assert.Equal("1 open", await _stage.HealAsync());

        _stage.Redbark.RestFaults.Hides = null;
        await _stage.PassAsync(days: 1);
        Assert.Equal("1 gap healed: 1 row of 1 account", await _stage.HealAsync());
        Assert.Equal("1 proved", await _stage.RunJobAsync("reconcile"));
    }

    [Fact]
    public async Task A_drift_that_goes_by_itself_closes_its_gap()
    {
        var lost = (await LoseRunAsync(rows: 1))[0];
        await _stage.PassAsync(days: 4);
        _stage.Redbark.RestFaults.Spoil(BodyFault.Html, "/v1/transactions", 9);
        Assert.StartsWith("1 gap found; 1 open; ", await _stage.HealAsync());

        _stage.Redbark.Bank.Correct(lost.Key, row => row with { Category = "TRAVEL" });
        await _stage.Redbark.RunAsync();
        Assert.Equal("1 proved", await _stage.ProveAsync());

        Assert.Equal("no gap", await _stage.HealAsync());
        Assert.Equal(["drift healed 0 {}"], await _stage.GapsAsync());
    }

    [Fact]
    public async Task A_posting_that_was_lost_leaves_its_row_pending_until_it_is_healed()
    {
        var account = _stage.Redbark.Bank.Accounts[0].Id;
        var pending = _stage.Redbark.Bank.Post(account, -4321, "HELD", TransactionStatus.Pending);
        await _stage.Redbark.RunAsync();
        await _stage.PassAsync(days: 1);
        var posted = _stage.Redbark.Bank.Settle(pending.Key, underNewId: true);
        await _stage.Redbark.RunAsync(new SyncFaults { Drop = true });
        await _stage.PassAsync(days: 4);
        Assert.Equal("not_yet_posted", await _stage.Worker.ScalarAsync<string>("SELECT cause FROM ledger.reconciliations WHERE status = 'drift'"));

        Assert.Equal("1 gap found; 1 gap healed: 1 row of 1 account", await _stage.HealAsync());

        Assert.Contains(await _stage.RowsAsync("status"), row => row.EndsWith($"{posted.Id} posted", StringComparison.Ordinal));
        Assert.Equal("1 proved", await _stage.RunJobAsync("reconcile"));
    }

    private async Task<IReadOnlyList<BankTransaction>> LoseRunAsync(int rows)
    {
        _stage.Clock.Advance(TimeSpan.FromDays(1));
        var lost = _stage.Redbark.Generator.PostRows(rows);
        await _stage.Redbark.RunAsync(new SyncFaults { Drop = true });
        return lost;
    }
}
