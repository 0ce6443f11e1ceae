using Redbark.Sync.Worker.Balances;

namespace Redbark.Sync.Worker.Tests.Balances;

public sealed class CallBudgetTests
{
    private static readonly CallKey Key = new("revolut", "main", "acc-1", "balances");
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    [Fact]
    public async Task No_more_calls_than_allowed_get_through_however_many_workers_ask_at_once()
    {
        await using var stage = await BalanceStage.OpenAsync();
        var budgets = new[] { stage.Worker, stage.Another(), stage.Another() }.Select(worker => worker.Get<ICallBudget>()).ToList();

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(n => Task.Run(() => Take(budgets[n % 3]))));

        Assert.Equal(4, answers.Count(answer => answer is null));
        Assert.All(answers.Where(answer => answer is not null), answer => Assert.Equal(stage.Clock.GetUtcNow() + Day, answer));
    }

    [Fact]
    public async Task The_window_rolls_and_survives_a_restart()
    {
        await using var stage = await BalanceStage.OpenAsync();
        var started = stage.Clock.GetUtcNow();
        for (var n = 0; n < 4; n++)
        {
            Assert.Null(await Take(stage.Worker.Get<ICallBudget>()));
            stage.Clock.Advance(TimeSpan.FromHours(5));
        }

        var restarted = stage.Another().Get<ICallBudget>();
        Assert.Equal(started + Day, await Take(restarted));
        stage.Clock.Advance(TimeSpan.FromHours(4) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(started + Day, await Take(restarted));
        stage.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await Take(restarted));
        Assert.Equal(started + TimeSpan.FromHours(5) + Day, await Take(restarted));
        Assert.Equal(4L, await stage.Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.provider_calls")); // What is out of the window is not kept.
    }

    [Fact]
    public async Task Each_account_endpoint_and_connection_has_a_budget_of_its_own()
    {
        await using var stage = await BalanceStage.OpenAsync();
        var budget = stage.Worker.Get<ICallBudget>();
        CallKey[] keys = [Key, Key with { AccountId = "acc-2" }, Key with { Endpoint = "accounts" }, Key with { ConnectionId = "other" }, Key with { Provider = "tokenio" }];
        foreach (var key in keys)
        {
            Assert.Null(await budget.TakeAsync(key, 1, Day, CancellationToken.None));
            Assert.NotNull(await budget.TakeAsync(key, 1, Day, CancellationToken.None));
        }
    }

    [Fact]
    public async Task A_lowered_limit_counts_the_calls_that_were_made_before()
    {
        await using var stage = await BalanceStage.OpenAsync();
        var budget = stage.Worker.Get<ICallBudget>();
        var started = stage.Clock.GetUtcNow();
        for (var n = 0; n < 3; n++)
        {
            Assert.Null(await Take(budget));
            stage.Clock.Advance(TimeSpan.FromHours(1));
        }

        // Two must have left the window before fewer than two are in it.
        Assert.Equal(started + TimeSpan.FromHours(1) + Day, await budget.TakeAsync(Key, 2, Day, CancellationToken.None));
    }

    [Fact]
    public async Task A_call_that_never_reached_the_provider_is_given_back()
    {
        await using var stage = await BalanceStage.OpenAsync();
        var budget = stage.Worker.Get<ICallBudget>();
        for (var n = 0; n < 4; n++)
            Assert.Null(await Take(budget));
        await budget.RefundAsync(Key, CancellationToken.None);
        Assert.Null(await Take(budget));
        Assert.NotNull(await Take(budget));

        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => budget.RefundAsync(Key, CancellationToken.None)));
        Assert.Equal(2L, await stage.Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.provider_calls"));
    }

    [Theory]
    [InlineData("acc-1", "balances", true)]
    [InlineData("acc-1", "", true)]
    [InlineData("", "", true)]
    [InlineData("acc-2", "balances", false)]
    [InlineData("acc-1", "accounts", false)]
    public async Task A_hold_keeps_back_what_it_names_and_no_more(string account, string endpoint, bool isHeld)
    {
        await using var stage = await BalanceStage.OpenAsync();
        var budget = stage.Worker.Get<ICallBudget>();
        var until = stage.Clock.GetUtcNow() + TimeSpan.FromMinutes(10);
        await budget.HoldAsync(Key with { AccountId = account, Endpoint = endpoint }, until, CancellationToken.None);
        await budget.HoldAsync(Key with { AccountId = account, Endpoint = endpoint }, until - TimeSpan.FromMinutes(5), CancellationToken.None); // Does not shorten it.

        Assert.Equal(isHeld ? until : null, await Take(stage.Another().Get<ICallBudget>()));
        Assert.Null(await budget.TakeAsync(Key with { ConnectionId = "other" }, 4, Day, CancellationToken.None));
        stage.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(await Take(budget));
    }

    private static Task<DateTimeOffset?> Take(ICallBudget budget) => budget.TakeAsync(Key, 4, Day, CancellationToken.None);
}
