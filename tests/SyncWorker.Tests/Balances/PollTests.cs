using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Balances;

public sealed class PollTests
{
    [Fact]
    public async Task The_first_poll_lists_the_accounts_and_later_ones_do_not()
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.Redbark.Has("main", "a", "b");
        stage.Redbark.Answers("a", 12.50m);
        stage.Redbark.Answers("b", 0.00m);

        Assert.Equal("2 accounts read", await stage.RunAsync("poll-balances-redbark"));
        Assert.Equal("2 accounts read", await stage.RunAsync("poll-balances-redbark"));

        Assert.Equal(1, stage.Redbark.Listings);
        Assert.Equal(["a 12.50", "b 0.00"], await stage.BalancesAsync());
        Assert.Equal(4L, await stage.Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.balances"));
    }

    [Theory]
    [InlineData(ProviderFault.Transient, "transient")]
    [InlineData(ProviderFault.RateLimited, "rate_limited")]
    [InlineData(ProviderFault.PermissionMissing, "permission_missing")]
    [InlineData(ProviderFault.Unsupported, "unsupported")]
    [InlineData(ProviderFault.AccountGone, "account_gone")]
    [InlineData(ProviderFault.BadRequest, "bad_request")]
    [InlineData(ProviderFault.Protocol, "protocol")]
    public async Task A_failed_reading_keeps_the_last_good_balance_and_costs_no_other_account_its_own(ProviderFault fault, string word)
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.Redbark.Has("main", "a", "b", "c");
        foreach (var account in (string[])["a", "b", "c"])
            stage.Redbark.Answers(account, 100m);
        await stage.RunAsync("poll-balances-redbark");

        stage.Clock.Advance(TimeSpan.FromHours(1));
        var failedFirst = stage.Clock.GetUtcNow();
        stage.Redbark.Answers("a", 200m);
        stage.Redbark.Fails("b", fault);
        stage.Redbark.Answers("c", 300m);
        Assert.Equal("2 accounts read, 1 failed", await stage.RunAsync("poll-balances-redbark"));
        stage.Clock.Advance(TimeSpan.FromHours(1));
        await stage.RunAsync("poll-balances-redbark");

        Assert.Equal(["a 200", $"b 100 {word}", "c 300"], await stage.BalancesAsync());
        Assert.Equal(
            (failedFirst.UtcDateTime, $"b: {fault}"),
            (await stage.Worker.QueryAsync("SELECT failing_since, last_error FROM ledger.provider_accounts WHERE external_id = 'b'", row => (row.GetDateTime(0), row.GetString(1)))).Single());

        stage.Redbark.Answers("b", 250m);
        await stage.RunAsync("poll-balances-redbark");
        Assert.Equal(["a 200", "b 250", "c 300"], await stage.BalancesAsync());
    }

    [Fact]
    public async Task An_answer_without_a_current_balance_is_kept_but_is_never_the_balance_nor_zero()
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.Redbark.Has("main", "a", "never");
        stage.Redbark.Answers("a", 100m);
        stage.Redbark.Answers("never", null, available: 5m);
        Assert.Equal("1 account read, 1 without a usable balance", await stage.RunAsync("poll-balances-redbark"));

        stage.Clock.Advance(TimeSpan.FromHours(1));
        stage.Redbark.Answers("a", (decimal?)null);
        await stage.RunAsync("poll-balances-redbark");

        Assert.Equal(["a 100 no_usable_balance", "never none no_usable_balance"], await stage.BalancesAsync());
        Assert.Equal(
            ["100", "null"],
            await stage.Worker.QueryAsync("""
                SELECT coalesce(current::text, 'null') FROM ledger.balances b JOIN ledger.provider_accounts p ON p.id = b.provider_account_id
                WHERE p.external_id = 'a' ORDER BY b.retrieved_at
                """, row => row.GetString(0)));
        Assert.Equal(0L, await stage.Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.balances WHERE current = 0"));
    }

    [Fact]
    public async Task Amounts_are_kept_to_the_last_digit_and_every_figure_verbatim()
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.Revolut.Has("main", "a");
        var asOf = stage.Clock.GetUtcNow().AddMinutes(-90);
        stage.Revolut.Answers("a", stage.Revolut.Balance(9999999999999.99999m, 12009.1000m, asOf) with
        {
            Currency = "BTC",
            CurrentOrigin = ValueOrigin.FallbackFromAvailable,
            AvailableIncludesCredit = CreditInclusion.Included,
            CreditLimit = 500.00m,
            Flags = ["currency_not_iso"],
            Observations = [new BalanceObservation("InterimAvailable\0", BalanceKind.Available, -0.10m, "0.10", "BTC", asOf, [new CreditLine(true, "Temporary", 500.00m, "GBP")])],
        });
        await stage.RunAsync("poll-balances-revolut");

        Assert.Equal(
            "9999999999999.99999 fallback_from_available 12009.1000 included 500.00 BTC {currency_not_iso}",
            await stage.Worker.ScalarAsync<string>("SELECT concat_ws(' ', current, current_origin, available, available_includes_credit, credit_limit, currency, flags) FROM ledger.balances"));
        Assert.Equal(
            """[{"asOf": "2026-10-02T23:32:03Z", "kind": "available", "type": "InterimAvailable�", "amount": "-0.10", "currency": "BTC", "received": "0.10", "creditLines": [{"type": "Temporary", "amount": "500.00", "currency": "GBP", "included": true}]}]""",
            await stage.Worker.ScalarAsync<string>("SELECT figures::text FROM ledger.balances"));
        // A provider's own time of long ago is the earliest, not the age of its cache.
        Assert.Equal(asOf.UtcDateTime, await stage.Worker.ScalarAsync<DateTime>("SELECT earliest_at FROM ledger.balances"));
    }

    [Fact]
    public async Task Without_a_time_of_its_own_a_balance_may_be_as_old_as_the_providers_cache()
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.Redbark.Has("main", "a");
        stage.Redbark.Answers("a", 1m);
        await stage.RunAsync("poll-balances-redbark");
        Assert.Equal(
            (stage.Clock.GetUtcNow().UtcDateTime.AddMinutes(-5), stage.Clock.GetUtcNow().UtcDateTime),
            (await stage.Worker.QueryAsync("SELECT earliest_at, retrieved_at FROM ledger.balances", row => (row.GetDateTime(0), row.GetDateTime(1)))).Single());
    }

    [Fact]
    public async Task A_provider_that_stops_in_the_middle_fails_the_job_after_what_it_said_is_saved()
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.Redbark.Has("main", "a", "b", "c");
        foreach (var account in (string[])["a", "b", "c"])
            stage.Redbark.Answers(account, 1m);
        stage.Redbark.ReadingFails = (2, new ProviderException(ProviderFault.CredentialInvalid, "the key is refused"));

        var error = await Assert.ThrowsAsync<ProviderException>(() => stage.RunAsync("poll-balances-redbark"));

        Assert.Equal("the key is refused (2 accounts read, 1 failed)", error.Message);
        Assert.Equal(["a 1", "b 1", "c none credential_invalid"], await stage.BalancesAsync());
        Assert.Contains("the key is refused", Assert.Single(await stage.EventsAsync("ConnectionNeedsAttention")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_poll_in_which_every_account_fails_has_failed()
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.Redbark.Has("main", "a", "b");
        stage.Redbark.Fails("a", ProviderFault.Transient);
        stage.Redbark.Fails("b", ProviderFault.Transient);
        Assert.Equal("a: Transient (0 accounts read, 2 failed)", (await Assert.ThrowsAsync<ProviderException>(() => stage.RunAsync("poll-balances-redbark"))).Message);
    }

    [Fact]
    public async Task An_account_that_the_answer_leaves_out_has_failed_and_one_that_nobody_asked_for_is_not_kept()
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.Redbark.Has("main", "a", "b", "c");
        stage.Redbark.Answers("a", 1m);
        stage.Redbark.LeavesOut("b");
        stage.Redbark.Answers("c", 3m);
        Assert.Equal("2 accounts read, 1 failed", await stage.RunAsync("poll-balances-redbark"));
        Assert.Equal(["a 1", "b none protocol", "c 3"], await stage.BalancesAsync());
    }

    [Fact]
    public async Task Nothing_is_asked_before_the_time_that_the_provider_named()
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.Redbark.Has("main", "a", "b");
        stage.Redbark.Answers("a", 1m);
        stage.Redbark.Fails("b", ProviderFault.RateLimited, stage.Clock.GetUtcNow().AddMinutes(90));
        await stage.RunAsync("poll-balances-redbark");

        stage.Clock.Advance(TimeSpan.FromHours(1));
        await stage.RunAsync("poll-balances-redbark");
        stage.Clock.Advance(TimeSpan.FromHours(1));
        await stage.RunAsync("poll-balances-redbark");

        // The one that waits longest comes first.
        Assert.Equal(["a b", "a", "b a"], stage.Redbark.Asked.Select(asked => string.Join(' ', asked)));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    public async Task What_is_held_is_not_asked(string held, int asked)
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.Revolut.Has("main", "a", "b");
        await stage.RunAsync("sync-accounts");
        await stage.Worker.Get<ICallBudget>().HoldAsync(new CallKey("revolut", "main", held, ""), stage.Clock.GetUtcNow().AddHours(1), CancellationToken.None);
        stage.Revolut.Answers("b", 1m);

        var said = await stage.RunAsync("poll-balances-revolut");

        Assert.Equal(asked, stage.Revolut.Asked.SelectMany(accounts => accounts).Count());
        Assert.Equal(asked == 0 ? "nothing read: it is too early for 2 accounts" : "1 account read", said);
    }

    [Fact]
    public async Task An_account_that_our_own_budget_puts_off_has_not_failed()
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.Revolut.Has("main", "a", "b");
        stage.Revolut.Answers("a", 1m);
        stage.Revolut.Answers("b", 2m);
        await stage.RunAsync("poll-balances-revolut");

        var free = stage.Clock.GetUtcNow().AddHours(3);
        stage.Revolut.Fails("a", ProviderFault.RateLimited, free, reached: false);
        Assert.Equal("1 account read, 1 put off", await stage.RunAsync("poll-balances-revolut"));

        Assert.Equal(["a 1", "b 2"], await stage.BalancesAsync());
        Assert.Equal(free.UtcDateTime, await stage.Worker.ScalarAsync<DateTime>("SELECT not_before FROM ledger.provider_accounts WHERE external_id = 'a'"));
    }

    [Fact]
    public async Task A_call_that_the_budget_frees_in_seconds_is_waited_for()
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.Revolut.Has("main", "a", "b");
        stage.Revolut.Answers("a", 1m);
        stage.Revolut.Answers("b", 2m);
        await stage.RunAsync("sync-accounts");
        stage.Revolut.Fails("a", ProviderFault.RateLimited, stage.Clock.GetUtcNow().AddSeconds(20), reached: false);

        var running = stage.RunAsync("poll-balances-revolut");
        while (stage.Revolut.Asked.Count == 0 || await stage.Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.balances") == 0)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        stage.Revolut.Answers("a", 1m);
        while (!running.IsCompleted)
        {
            stage.Clock.Advance(TimeSpan.FromSeconds(5));
            await Task.WhenAny(running, Task.Delay(20));
        }

        Assert.Equal("2 accounts read", await running);
        Assert.Equal(["a b", "a"], stage.Revolut.Asked.Select(asked => string.Join(' ', asked)));
    }

    [Fact]
    public async Task A_consent_that_ran_out_is_told_once_and_not_asked_again_until_a_listing_succeeds()
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.Revolut.Has("main", "a");
        stage.Revolut.Has("other", "b");
        stage.Revolut.Fails("a", ProviderFault.ReauthRequired);
        stage.Revolut.Answers("b", 2m);
        Assert.Equal("1 account read, 1 failed", await stage.RunAsync("poll-balances-revolut"));
        Assert.Equal("1 account read", await stage.RunAsync("poll-balances-revolut"));
        Assert.Equal(["a b", "b"], stage.Revolut.Asked.Select(asked => string.Join(' ', asked)));

        stage.Revolut.Says(new ConnectionListing("main", null, "reauth_required", [], new ProviderException(ProviderFault.ReauthRequired, "consent again")));
        await stage.RunAsync("sync-accounts");
        Assert.Single(await stage.EventsAsync("ConnectionNeedsAttention"));

        stage.Revolut.Has("main", "a");
        stage.Revolut.Answers("a", 1m);
        await stage.RunAsync("sync-accounts");
        Assert.Equal("2 accounts read", await stage.RunAsync("poll-balances-revolut"));
        Assert.Equal(0L, await stage.Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.connections WHERE needs_attention_since IS NOT NULL OR error IS NOT NULL"));
    }

    [Fact]
    public async Task A_key_that_is_refused_and_then_taken_again_clears_by_the_next_poll()
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.Redbark.Has("main", "a");
        stage.Redbark.Fails("a", ProviderFault.CredentialInvalid);
        await Assert.ThrowsAsync<ProviderException>(() => stage.RunAsync("poll-balances-redbark"));
        Assert.Equal("credential_invalid", await stage.Worker.ScalarAsync<string>("SELECT error_fault FROM ledger.connections WHERE needs_attention_since IS NOT NULL"));

        stage.Redbark.Answers("a", 1m);
        await stage.RunAsync("poll-balances-redbark");
        Assert.Equal(1L, await stage.Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.connections WHERE needs_attention_since IS NULL AND error IS NULL"));
    }

    [Fact]
    public async Task Brokerage_accounts_have_their_holdings_read_and_an_empty_one_holds_nothing()
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.Redbark.Says(new ConnectionListing("broker", "Stake", "active", [stage.Redbark.Account("a", "broker"), stage.Redbark.Account("s", "broker", isBrokerage: true)]));
        stage.Redbark.Answers("a", 1m);
        stage.Redbark.Holdings["s"] =
        [
            new Holding("VOO", "Vanguard", 10.123456789m, "USD", 400.1m, 500m, 5061.7283945m, """{"symbol":"VOO"}"""),
            new Holding(null, "Cash fund", null, null, null, null, null, "{}"),
        ];
        Assert.Equal("2 accounts read", await stage.RunAsync("poll-balances-redbark"));
        Assert.Equal([["a"]], stage.Redbark.Asked);
        Assert.Equal(
            ["VOO Vanguard 10.123456789 USD 400.1 500 5061.7283945", "Cash fund"],
            await stage.Worker.QueryAsync("SELECT concat_ws(' ', symbol, name, quantity, currency, average_price, current_price, market_value) FROM ledger.holdings ORDER BY id", row => row.GetString(0)));

        stage.Clock.Advance(TimeSpan.FromHours(1));
        stage.Redbark.Holdings["s"] = [];
        await stage.RunAsync("poll-balances-redbark");
        Assert.Equal(stage.Clock.GetUtcNow().UtcDateTime, await stage.Worker.ScalarAsync<DateTime>("SELECT last_holdings_at FROM ledger.provider_accounts WHERE external_id = 's'"));
        Assert.Equal(2L, await stage.Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.holdings"));
    }

    [Fact]
    public async Task A_plan_without_brokerage_costs_no_balance_and_fails_no_job()
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.Redbark.Says(new ConnectionListing("broker", "Stake", "active", [stage.Redbark.Account("a", "broker"), stage.Redbark.Account("s", "broker", isBrokerage: true)]));
        stage.Redbark.Answers("a", 1m);
        stage.Redbark.HoldingsFail = new ProviderException(ProviderFault.PermissionMissing, "professional_required");
        Assert.Equal("1 account read, 1 failed", await stage.RunAsync("poll-balances-redbark"));
        Assert.Equal(["a 1", "s none permission_missing"], await stage.BalancesAsync());

        stage.Redbark.Says(new ConnectionListing("broker", "Stake", "active", [stage.Redbark.Account("s", "broker", isBrokerage: true)]));
        await stage.RunAsync("sync-accounts");
        Assert.Equal("0 accounts read, 1 failed", await stage.RunAsync("poll-balances-redbark"));
    }

    [Fact]
    public async Task An_answer_that_the_database_refuses_fails_its_account_alone()
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.Redbark.Says(new ConnectionListing("broker", "Stake", "active", [stage.Redbark.Account("s", "broker", isBrokerage: true), stage.Redbark.Account("t", "broker", isBrokerage: true)]));
        stage.Redbark.Holdings["s"] = [new Holding("X", null, 1m, null, null, null, null, "not json")];
        stage.Redbark.Holdings["t"] = [new Holding("Y", null, 1m, null, null, null, null, "{}")];
        Assert.Equal("1 account read, 1 failed", await stage.RunAsync("poll-balances-redbark"));
        Assert.Equal(["s none protocol", "t none"], await stage.BalancesAsync());
    }

    [Fact]
    public async Task Every_reading_is_announced_and_its_account_is_proved_anew()
    {
        await using var stage = await BalanceStage.OpenAsync();
        var account = Sent.Account();
        await stage.Worker.ApplyAsync(Sent.Transactions(Sent.Transaction("t", account)));
        var ledgerAccount = await stage.LedgerAccountAsync(account);
        stage.Redbark.Has("main", account, "unlinked");
        stage.Redbark.Answers(account, -45.50m, 10m);
        stage.Redbark.Answers("unlinked", (decimal?)null);
        await stage.Worker.ExecuteAsync("DELETE FROM ledger.account_changes");
        await stage.RunAsync("poll-balances-redbark");

        var events = (await stage.EventsAsync("BalanceObserved")).ConvertAll(text => System.Text.Json.Nodes.JsonNode.Parse(text)!);
        Assert.Equal(2, events.Count);
        var linked = events.Single(happened => (string?)happened["ExternalId"] == account);
        Assert.Equal(ledgerAccount, (long)linked["AccountId"]!);
        Assert.Equal(("-45.50", "AUD"), ((string?)linked["Current"]!["Amount"], (string?)linked["Current"]!["Currency"]));
        Assert.Null(events.Single(happened => happened != linked)["Current"]);
        Assert.Contains(ledgerAccount, (await stage.Worker.QueryAsync("SELECT account_ids FROM ledger.account_changes", row => row.GetFieldValue<long[]>(0))).SelectMany(ids => ids));
    }

    [Fact]
    public async Task A_poll_of_a_provider_that_is_not_configured_says_so()
    {
        await using var stage = await BalanceStage.OpenAsync();
        stage.TokenIo.DisabledBecause = "TokenIo:ApiKey is not set";
        Assert.Equal("TokenIo:ApiKey is not set", stage.Job("poll-balances-tokenio").DisabledBecause);
        Assert.Null(stage.Job("poll-balances-redbark").DisabledBecause);
    }

    [Fact]
    public async Task Polls_keep_their_times_over_restarts_and_do_not_all_fall_on_the_full_hour()
    {
        await using var stage = await BalanceStage.OpenAsync();
        var again = stage.Another();
        foreach (var job in (string[])["poll-balances-redbark", "poll-balances-revolut", "poll-balances-tokenio", "sync-accounts"])
            Assert.Equal(stage.Job(job).DefaultCron, stage.Job(job, again).DefaultCron);

        Assert.Matches(@"^\d{1,2} \* \* \* \*$", stage.Job("poll-balances-redbark").DefaultCron);
        Assert.Matches(@"^\d{1,2} \d{1,2},\d{1,2},\d{1,2} \* \* \*$", stage.Job("poll-balances-revolut").DefaultCron);
        var hours = stage.Job("poll-balances-revolut").DefaultCron.Split(' ')[1].Split(',').Select(int.Parse).ToList();
        Assert.Equal([8, 8], [hours[1] - hours[0], hours[2] - hours[1]]);
        Assert.InRange(hours[0], 0, 7);
    }
}
