using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Telemetry;

namespace Redbark.Sync.Worker.Tests.Balances;

public sealed class ListingTests
{
    [Fact]
    public async Task One_provider_that_fails_stops_no_other()
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.Redbark.ListingFails = new InvalidOperationException("a mistake of ours");
        stage.Revolut.Has("main", "r");
        stage.TokenIo.ListingFails = new ProviderException(ProviderFault.Transient, "away");
        stage.TokenIo.Has("consent", "t");

        Assert.Equal(
            "1 connection with 1 account listed; 2 failed: redbark: a mistake of ours; tokenio: away", await stage.RunAsync("sync-accounts"));
        Assert.Equal(["r none", "t none"], await stage.BalancesAsync());
    }

    [Fact]
    public async Task A_listing_of_nothing_but_failures_has_failed()
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.Redbark.ListingFails = new ProviderException(ProviderFault.Transient, "away");
        (stage.Revolut.DisabledBecause, stage.TokenIo.DisabledBecause) = ("off", "off");
        Assert.Contains("redbark: away", (await Assert.ThrowsAsync<InvalidOperationException>(() => stage.RunAsync("sync-accounts"))).Message, StringComparison.Ordinal);

        stage.Redbark.DisabledBecause = "off";
        Assert.Equal("no provider of balances is configured", stage.Job("sync-accounts").DisabledBecause);
    }

    [Fact]
    public async Task An_account_is_gone_only_when_its_own_connection_was_listed_without_it()
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.Redbark.Has("one", "a", "b");
        stage.Redbark.Has("two", "c");
        foreach (var account in (string[])["a", "b", "c"])
            stage.Redbark.Answers(account, 1m);
        await stage.RunAsync("poll-balances-redbark");

        stage.Redbark.Says(new ConnectionListing("one", "Westpac", "active", [], new ProviderException(ProviderFault.Transient, "away")));
        await stage.RunAsync("sync-accounts");
        Assert.Equal(["a 1", "b 1", "c 1"], await stage.BalancesAsync());

        stage.Redbark.Has("one", "a");
        await stage.RunAsync("sync-accounts");
        Assert.Equal(["a 1", "b 1 gone", "c 1"], await stage.BalancesAsync());
        await stage.RunAsync("poll-balances-redbark");
        Assert.Equal(["a", "c"], stage.Redbark.Asked[^1].Order());

        stage.Redbark.Has("one", "a", "b");
        await stage.RunAsync("sync-accounts");
        Assert.Equal(["a 1", "b 1", "c 1"], await stage.BalancesAsync());
    }

    [Fact]
    public async Task A_connection_that_is_listed_no_more_is_not_read_and_its_accounts_stay()
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.Redbark.Has("one", "a");
        stage.Redbark.Has("two", "c");
        stage.Redbark.Answers("a", 1m);
        stage.Redbark.Answers("c", 1m);
        await stage.RunAsync("poll-balances-redbark");

        // Not while the listing itself fails.
        stage.Redbark.Connections.RemoveAll(connection => connection.ConnectionId == "two");
        stage.Redbark.ListingFails = new ProviderException(ProviderFault.Transient, "away");
        await stage.RunAsync("sync-accounts");
        Assert.Equal(["active", "active"], await StatusesAsync(stage));

        stage.Redbark.ListingFails = null;
        await stage.RunAsync("sync-accounts");
        Assert.Equal(["active", "gone"], await StatusesAsync(stage));
        await stage.RunAsync("poll-balances-redbark");
        Assert.Equal(["a"], stage.Redbark.Asked[^1]);
        Assert.Equal(["a 1", "c 1"], await stage.BalancesAsync());
        Assert.Empty(await stage.EventsAsync("ConnectionNeedsAttention"));
    }

    [Fact]
    public async Task Trouble_is_told_once_when_it_begins_and_again_when_it_begins_again()
    {
        await using var stage = await BalanceStage.OpenAsync();
        var account = stage.Redbark.Account("a");
        await ListAsync("active");
        await ListAsync("invalidated");
        await ListAsync("invalidated");
        await ListAsync("revoked");
        var told = Assert.Single(await stage.EventsAsync("ConnectionNeedsAttention"));
        Assert.Contains("the provider says that its status is 'invalidated'", told, StringComparison.Ordinal);

        // What passes by itself neither begins trouble nor ends it.
        await ListAsync("transient", new ProviderException(ProviderFault.Transient, "away"));
        Assert.Equal("revoked transient t", await stage.Worker.ScalarAsync<string>("SELECT concat_ws(' ', status, error_fault, needs_attention_since IS NOT NULL) FROM ledger.connections WHERE provider = 'redbark'"));
        await ListAsync("active");
        await ListAsync("transient", new ProviderException(ProviderFault.Transient, "away"));
        Assert.Single(await stage.EventsAsync("ConnectionNeedsAttention"));

        await ListAsync("reauth_required", new ProviderException(ProviderFault.ReauthRequired, "consent again"));
        Assert.Equal(2, (await stage.EventsAsync("ConnectionNeedsAttention")).Count);

        Task<string> ListAsync(string status, ProviderException? error = null)
        {
            stage.Redbark.Says(new ConnectionListing("main", "Westpac", status, error is null ? [account] : [], error));
            stage.Revolut.Has("main"); // So that the job as a whole succeeds.
            return stage.RunAsync("sync-accounts");
        }
    }

    [Fact]
    public async Task A_consent_that_ends_soon_is_near_as_long_as_it_can_be_read()
    {
        await using var stage = await BalanceStage.OpenAsync();
        var (account, now) = (stage.Redbark.Account("a"), stage.Clock.GetUtcNow());
        await ListAsync("active", now.AddDays(14).AddMinutes(1));
        Assert.Equal(0, await NearAsync());
        stage.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, await NearAsync());

        // A listing that fails says nothing of it; one that must be mended first is named as such alone.
        await ListAsync("transient", null, new ProviderException(ProviderFault.Transient, "away"));
        Assert.Equal(1, await NearAsync());
        await ListAsync("reauth_required", null, new ProviderException(ProviderFault.ReauthRequired, "consent again"));
        Assert.Equal(0, await NearAsync());

        await ListAsync("active", now.AddDays(180));
        Assert.Equal(0, await NearAsync());
        await ListAsync("active", now.AddDays(-1));
        Assert.Equal(1, await NearAsync());
        await ListAsync("active", null);
        Assert.Equal(0, await NearAsync());

        // Redbark's own word for it. Its balances are still read, so nothing is wrong with the connection yet.
        await ListAsync("expiring", null);
        Assert.Equal(1, await NearAsync());
        stage.Redbark.Answers("a", 5m);
        await stage.RunAsync("poll-balances-redbark");
        Assert.Equal(["a 5"], await stage.BalancesAsync());
        Assert.Equal("expiring f", await stage.Worker.ScalarAsync<string>("SELECT concat_ws(' ', status, needs_attention_since IS NOT NULL) FROM ledger.connections WHERE provider = 'redbark'"));
        Assert.Single(await stage.EventsAsync("ConnectionNeedsAttention"));

        stage.Redbark.Connections.Clear();
        stage.Redbark.Has("another");
        await stage.RunAsync("sync-accounts");
        Assert.Equal(0, await NearAsync());

        Task<string> ListAsync(string status, DateTimeOffset? ends, ProviderException? error = null)
        {
            stage.Redbark.Says(new ConnectionListing("main", "Westpac", status, error is null ? [account] : [], error, ends));
            stage.Revolut.Has("main"); // So that the job as a whole succeeds.
            return stage.RunAsync("sync-accounts");
        }

        async Task<long> NearAsync() => (await stage.Worker.Get<StandingReader>().ReadAsync(CancellationToken.None)).EndingConsents;
    }

    [Fact]
    public async Task A_listing_that_our_own_budget_puts_off_changes_nothing()
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.Revolut.Has("main", "a");
        await stage.RunAsync("sync-accounts");
        stage.Redbark.Has("main");
        stage.Revolut.Says(new ConnectionListing("main", null, "rate_limited", [], new ProviderException(ProviderFault.RateLimited, "used up") { ReachedProvider = false }));
        await stage.RunAsync("sync-accounts");
        Assert.Equal("active", await stage.Worker.ScalarAsync<string>("SELECT concat_ws(' ', status, error) FROM ledger.connections WHERE provider = 'revolut'"));
    }

    [Fact]
    public async Task What_a_provider_names_with_letters_that_no_database_takes_is_kept_all_the_same()
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.Redbark.Says(new ConnectionListing("ma\0in", "West\ud800pac", "active", [stage.Redbark.Account("a\0", "ma\0in"), stage.Redbark.Account("a\0", "ma\0in"), stage.Redbark.Account("b", "ma\0in")]));
        Assert.Equal("1 connection with 3 accounts listed", await stage.RunAsync("sync-accounts"));
        Assert.Equal(2L, await stage.Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.provider_accounts"));
    }

    private static Task<List<string>> StatusesAsync(BalanceStage stage) =>
        stage.Worker.QueryAsync("SELECT status FROM ledger.connections ORDER BY connection_id", row => row.GetString(0));
}
