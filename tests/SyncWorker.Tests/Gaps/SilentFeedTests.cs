using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.Webhooks;

namespace Redbark.Sync.Worker.Tests.Gaps;

/// <summary>The sender has switched the destination off: nothing comes, and nothing says so but the silence.</summary>
public sealed class SilentFeedTests : IAsyncLifetime
{
    private readonly HealingStage _stage = new() { Bank = new BankOptions { Accounts = 2, PendingRows = 0, Trades = 4, Rows = 300 } };

    public async ValueTask InitializeAsync()
    {
        await _stage.StartAsync();
        for (var day = 0; day < 10; day++)
        {
            await _stage.Redbark.RunAsync();
            _stage.Clock.Advance(TimeSpan.FromDays(1));
            _stage.Redbark.Generator.PostRows(2);
        }
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task What_was_booked_since_the_last_delivery_is_read_each_day_until_the_feed_speaks_again()
    {
        Assert.Equal("no gap", await WatchAsync());
        _stage.Clock.Advance(TimeSpan.FromHours(2));
        await PassAsync(days: 4);
        Assert.Equal("1 gap found; 1 gap healed: 10 rows of 2 accounts", await WatchAsync());
        Assert.Equal(_stage.BankRows(), await _stage.RowsAsync("trim_scale(amount)"));
        Assert.Equal("no gap", await WatchAsync());

        await PassAsync(days: 1);
        Assert.Equal("1 gap healed: 2 rows of 2 accounts", await WatchAsync());
        Assert.Equal(_stage.BankRows(), await _stage.RowsAsync("trim_scale(amount)"));

        // Switched on again, Redbark goes on from there: what it believes delivered does not come.
        _stage.Clock.Advance(TimeSpan.FromHours(5));
        _stage.Redbark.Generator.PostRows(4);
        await _stage.Redbark.RunAsync(new SyncFaults { Drop = true });
        _stage.Redbark.Generator.PostRows(2);
        await _stage.Redbark.RunAsync();
        Assert.Equal("1 gap healed: 4 rows of 2 accounts", await WatchAsync());
        Assert.Equal(_stage.BankRows(), await _stage.RowsAsync("trim_scale(amount)"));
        Assert.Equal("no gap", await WatchAsync());
        Assert.Equal(["GapDetected", "GapHealed", "GapHealed", "GapHealed"], await _stage.EventsAsync());
    }

    [Fact]
    public async Task A_silence_in_which_nothing_was_booked_is_no_loss()
    {
        await _stage.Redbark.RunAsync();
        _stage.Clock.Advance(TimeSpan.FromDays(4));

        Assert.Equal("1 gap found; 1 empty", await WatchAsync());

        Assert.Equal(["GapDetected"], await _stage.EventsAsync());
    }

    private async Task PassAsync(int days)
    {
        for (var day = 0; day < days; day++)
        {
            _stage.Clock.Advance(TimeSpan.FromDays(1));
            _stage.Redbark.Generator.PostRows(2);
        }
    }

    private async Task<string> WatchAsync()
    {
        await _stage.RunJobAsync("watch-silence");
        return await _stage.HealAsync();
    }
}
