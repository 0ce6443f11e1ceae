using System.Net;
using Redbark.Sync.Simulator.Rest;

namespace Redbark.Sync.Simulator.Tests.Rest;

public sealed class LimitTests
{
    [Fact]
    public async Task A_wrong_or_missing_key_is_refused()
    {
        await using var stage = await RestStage.SetAsync();

        var answer = await stage.GetAsync("/v1/accounts", key: "rbk_live_other");

        Assert.Equal((HttpStatusCode.Unauthorized, "unauthorized"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task Each_tier_has_its_calls_a_minute_and_429_says_how_long_to_wait()
    {
        await using var stage = await RestStage.SetAsync(options: new RestOptions { CheapPerMinute = 2, MidPerMinute = 1 });
        stage.Redbark.RestFaults.RateLimits = true;

        var first = await stage.GetAsync("/v1/accounts");
        stage.Clock.Advance(TimeSpan.FromSeconds(20));
        var second = await stage.GetAsync("/v1/connections");
        var third = await stage.GetAsync("/v1/accounts");
        var other = await stage.GetAsync($"/v1/balances?accountIds={stage.Account.Id}");
        stage.Clock.Advance(TimeSpan.FromSeconds(40));
        var later = await stage.GetAsync("/v1/accounts");

        Assert.Equal(["2/1", "2/0", "2/0"], new[] { first, second, third }.Select(answer => $"{answer.Header("X-RateLimit-Limit")}/{answer.Header("X-RateLimit-Remaining")}"));
        Assert.Equal((HttpStatusCode.TooManyRequests, "40"), (third.Status, third.Header("Retry-After")));
        Assert.Equal(HttpStatusCode.OK, other.Status);
        Assert.Equal(HttpStatusCode.OK, later.Status);
    }

    [Fact]
    public async Task Refused_keys_are_limited_too()
    {
        await using var stage = await RestStage.SetAsync(options: new RestOptions { RefusedPerMinute = 1 });
        stage.Redbark.RestFaults.RateLimits = true;

        Assert.Equal(HttpStatusCode.Unauthorized, (await stage.GetAsync("/v1/accounts", key: "wrong")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await stage.GetAsync("/v1/accounts", key: "wrong")).Status);
        Assert.Equal(HttpStatusCode.OK, (await stage.GetAsync("/v1/accounts")).Status);
    }

    [Fact]
    public async Task The_fifth_heavy_call_at_the_same_time_is_refused()
    {
        await using var stage = await RestStage.SetAsync();
        var faults = stage.Redbark.RestFaults;
        var (entered, four, open) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        faults.RateLimits = true;
        faults.HoldHeavy = _ =>
        {
            if (Interlocked.Increment(ref entered) == 4)
                four.SetResult();
            return open.Task;
        };

        var held = Enumerable.Range(0, 4).Select(_ => stage.GetAsync(stage.AllTransactions)).ToArray();
        await four.Task;
        var fifth = await stage.GetAsync(stage.AllTransactions);
        open.SetResult();

        Assert.Equal((HttpStatusCode.TooManyRequests, "1"), (fifth.Status, fifth.Header("Retry-After")));
        Assert.All(await Task.WhenAll(held), answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Equal(HttpStatusCode.OK, (await stage.GetAsync(stage.AllTransactions)).Status);
    }

    [Fact]
    public async Task The_edge_keeps_transactions_for_30_minutes_whatever_the_order_of_the_query()
    {
        await using var stage = await RestStage.SetAsync(rows: 3, accounts: 1);
        stage.Redbark.RestFaults.Caches = true;
        var turned = $"/v1/transactions?from=2020-01-01&accountId={stage.Account.Id}&connectionId={stage.Account.ConnectionId}";

        var miss = await stage.GetAsync(stage.AllTransactions);
        stage.Redbark.Generator.PostRows(1);
        stage.Clock.Advance(TimeSpan.FromMinutes(29));
        var hit = await stage.GetAsync(turned);
        stage.Clock.Advance(TimeSpan.FromMinutes(1));
        var fresh = await stage.GetAsync(turned);

        Assert.Equal(["MISS", "HIT", "MISS"], new[] { miss, hit, fresh }.Select(answer => answer.Header("X-Cache")));
        Assert.Equal([3, 3, 4], new[] { miss, hit, fresh }.Select(answer => answer.Data.Count));
    }

    [Fact]
    public async Task The_edge_keeps_balances_for_5_minutes()
    {
        await using var stage = await RestStage.SetAsync();
        stage.Redbark.RestFaults.Caches = true;
        var path = $"/v1/balances?accountIds={stage.Account.Id}";
        var before = (string)(await stage.GetAsync(path)).Data[0]!["currentBalance"]!;
        stage.Bank.Post(stage.Account.Id, -100, "COFFEE");

        Assert.Equal(before, (string)(await stage.GetAsync(path)).Data[0]!["currentBalance"]!);
        stage.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.NotEqual(before, (string)(await stage.GetAsync(path)).Data[0]!["currentBalance"]!);
    }

    [Fact]
    public async Task The_next_calls_can_be_unavailable()
    {
        await using var stage = await RestStage.SetAsync();
        stage.Redbark.RestFaults.Unavailable = 2;

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 3; i++)
            statuses.Add((await stage.GetAsync("/v1/accounts")).Status);

        Assert.Equal([HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK], statuses);
    }
}
