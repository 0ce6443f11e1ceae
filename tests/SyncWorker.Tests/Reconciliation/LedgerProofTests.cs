using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Accounts.Keeping;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Reconciliation;
using Redbark.Sync.Worker.Tests.Balances;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Reconciliation;

/// <summary>The proof over a real ledger, with balances polled by the real jobs.</summary>
public sealed class LedgerProofTests : IAsyncLifetime
{
    private readonly string _account = Sent.Account();
    private BalanceStage _stage = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await BalanceStage.OpenAsync();
        _stage.Redbark.Has("main", _account);
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task The_first_balance_makes_the_opening_and_the_second_proves_it()
    {
        await DeliverAsync(Row("a", -1000));
        Assert.Equal("unknown unknown_opening 90.00 90.00", await PollAsync(90m));

        Pass(days: 1);
        await DeliverAsync(Row("b", -250), Row("c", 4000));
        Pass(hours: 1);

        Assert.Equal("proved 127.50 127.50", await PollAsync(127.50m));
    }

    [Fact]
    public async Task A_row_that_never_came_settles_for_a_while_then_is_drift_told_once_and_cleared_when_it_comes()
    {
        await DeliverAsync(Row("a", -1000));
        await PollAsync(90m);
        Pass(days: 2);
        var lost = Row("lost", -4200);
        Pass(days: 1);

        Assert.Equal("settling crossing 90.00 48.00", await PollAsync(48m));
        Pass(days: 2);
        Assert.Equal("settling crossing 90.00 48.00", await PollAsync(48m));
        Pass(days: 2);
        Assert.Equal("drift missing_rows 90.00 48.00", await PollAsync(48m));
        Pass(days: 1);
        Assert.Equal("drift missing_rows 90.00 48.00", await PollAsync(48m));
        Assert.Single(await _stage.EventsAsync("DriftDetected"));
        Assert.Empty(await _stage.EventsAsync("DriftCleared"));

        await DeliverAsync(lost);
        Assert.Equal("proved 48.00 48.00", await KeepAsync());
        Assert.Single(await _stage.EventsAsync("DriftCleared"));
        Assert.Equal(
            ["unknown", "settling", "drift", "proved"],
            await _stage.Worker.QueryAsync("SELECT status FROM ledger.reconciliation_changes WHERE provider_account_id > 0 ORDER BY changed_at", row => row.GetString(0)));
    }

    [Fact]
    public async Task A_row_sent_twice_under_two_ids_is_named()
    {
        await DeliverAsync(Row("a", -1000));
        await PollAsync(90m);
        Pass(days: 2);
        await DeliverAsync(Row("once", -4200), Row("twice", -4200));
        for (var day = 0; day < 5; day++)
        {
            Pass(days: 1);
            await PollAsync(48m);
        }

        Assert.Equal("drift duplicate 6.00 48.00", await KeepAsync());
        var twice = await _stage.Worker.ScalarAsync<long>("SELECT id FROM ledger.transactions WHERE external_id = 'twice'");
        Assert.Equal(twice, await _stage.Worker.ScalarAsync<long>(
            "SELECT (findings -> 0 -> 'transactionIds' ->> 0)::bigint FROM ledger.reconciliations WHERE status = 'drift'"));
    }

    [Fact]
    public async Task A_hold_that_says_posted_is_recognised_by_its_rule_and_named_where_no_rule_fits()
    {
        await DeliverAsync(Row("a", -1000));
        await PollAsync(90m);
        Pass(days: 1);
        await DeliverAsync(Row("rule", -777) with { Description = "AUTHORISATION" });
        Pass(days: 1);
        Assert.Equal("proved 90.00 90.00", await PollAsync(90m));

        await DeliverAsync(Row("norule", -555) with { Description = "CARD HOLD 4821" });
        for (var day = 0; day < 5; day++)
        {
            Pass(days: 1);
            await PollAsync(90m);
        }

        Assert.Equal("drift hold_as_posted 84.45 90.00", await KeepAsync());
    }

    [Fact]
    public async Task A_pending_row_is_no_part_of_a_booked_balance_before_it_settles_under_another_id_and_counts_once_after()
    {
        await DeliverAsync(Row("a", -1000));
        await PollAsync(90m);
        Pass(days: 1);
        await DeliverAsync(Row("pending", -4200) with { Status = "pending", MerchantName = "Woolworths", PostDate = null });
        Pass(days: 1);
        Assert.Equal("proved 90.00 90.00", await PollAsync(90m));

        await DeliverAsync(Row("posted", -4200) with { MerchantName = "Woolworths" });
        Pass(days: 1);
        Assert.Equal("proved 48.00 48.00", await PollAsync(48m));
        Assert.Single(await _stage.EventsAsync("TransactionSettled"));
    }

    [Fact]
    public async Task What_is_available_counts_pending_rows_before_and_after_they_settle()
    {
        await DeliverAsync(Row("a", -1000));
        await PollAsync(Available(90m));
        Pass(days: 1);
        await DeliverAsync(Row("pending", -4200) with { Status = "pending", MerchantName = "Woolworths", PostDate = null });
        Pass(hours: 2);
        Assert.Equal("proved 48.00 48.00", await PollAsync(Available(48m)));

        Pass(days: 2);
        await DeliverAsync(Row("posted", -4200) with { MerchantName = "Woolworths" });
        Pass(days: 1);
        Assert.Equal("proved 48.00 48.00", await PollAsync(Available(48m)));
    }

    [Fact]
    public async Task A_missing_balance_is_never_zero_the_last_good_one_counts_until_it_is_stale()
    {
        await DeliverAsync(Row("a", -1000));
        await PollAsync(90m);
        Pass(hours: 5);
        Assert.Equal("proved 90.00 90.00", await PollAsync(90m));
        Pass(hours: 5);
        Assert.Equal("proved 90.00 90.00", await PollAsync(current: null));
        Pass(days: 2);
        Assert.Equal("unknown null_balance 90.00 90.00", await PollAsync(current: null));
        Pass(hours: 1);
        Assert.Equal("proved 90.00 90.00", await PollAsync(90m));
    }

    [Fact]
    public async Task A_balance_with_the_other_sign_is_named_and_the_setting_mends_it()
    {
        await DeliverAsync(Row("a", -1000));
        var owed = 500m;
        for (var day = 0; day < 6; day++)
        {
            await PollAsync(owed);
            Pass(days: 1);
            await DeliverAsync(Row($"{day}", -100 * (day + 1)));
            owed += day + 1;
            Pass(hours: 2);
        }

        Assert.StartsWith("drift sign_convention", await PollAsync(owed));
        var mended = _stage.Another();
        mended.Get<IOptions<ReconciliationOptions>>().Value.Accounts[_account] = new AccountSettings { BalanceSign = "inverted" };
        Assert.Equal("proved -521.00 -521.00", await KeepAsync(mended));
    }

    [Fact]
    public async Task An_opening_of_the_settings_that_fits_no_balance_is_named()
    {
        _stage.Worker.Get<IOptions<ReconciliationOptions>>().Value.Accounts[_account] = new AccountSettings { Opening = "100.00" };
        await DeliverAsync(Row("a", -1000));
        Assert.Equal("proved 90.00 90.00", await PollAsync(90m));

        _stage.Worker.Get<IOptions<ReconciliationOptions>>().Value.Accounts[_account] = new AccountSettings { Opening = "99.00" };
        Pass(days: 4);
        Assert.Equal("drift opening_differs 89.00 90.00", await PollAsync(90m));
    }

    [Fact]
    public async Task A_balance_in_another_currency_is_not_compared()
    {
        await DeliverAsync(Row("a", -1000));
        Assert.Equal("unknown null_balance - -", await PollAsync(_stage.Redbark.Balance(90m) with { Currency = "NZD" }));
    }

    [Fact]
    public async Task An_account_that_no_provider_shows_is_unknown()
    {
        await DeliverAsync(Row("a", -1000));
        Assert.Equal("unknown no_balance - -", await KeepAsync());
    }

    [Fact]
    public async Task Positions_are_proved_against_holdings()
    {
        var brokerage = Sent.Account();
        _stage.Redbark.Says(new ConnectionListing("shares", "Broker", "active", [_stage.Redbark.Account(brokerage, "shares", "USD", isBrokerage: true)]));
        await _stage.Worker.ApplyAsync(Sent.Trades(Trade("1", brokerage, "buy", "10"), Trade("2", brokerage, "buy", "5")));
        await HoldAsync(15m);
        Pass(days: 1);
        await _stage.Worker.ApplyAsync(Sent.Trades(Trade("3", brokerage, "sell", "4")));
        Pass(days: 4);
        await HoldAsync(11m);
        Assert.Equal("proved 11.00 11.00", await KeepAsync(account: brokerage));

        for (var day = 0; day < 6; day++)
        {
            Pass(days: 1);
            await HoldAsync(13m);
        }

        Assert.Equal("drift missing_rows 11.00 13.00", await KeepAsync(account: brokerage));

        async Task HoldAsync(decimal quantity)
        {
            _stage.Redbark.Holdings[brokerage] = [new Holding("VOO", "Vanguard", quantity, "USD", null, null, null, "{}")];
            _stage.Redbark.Answers(_account, 0m);
            await _stage.RunAsync("poll-balances-redbark");
        }
    }

    private WireTrade Trade(string id, string account, string type, string quantity) => Sent.Trade(id, account, quantity) with
    {
        Type = type,
        TradeDate = _stage.Clock.GetUtcNow().ToString("yyyy-MM-dd"),
        SettlementDate = _stage.Clock.GetUtcNow().AddDays(2).ToString("yyyy-MM-dd"),
    };

    /// <summary>A row that happened and was booked just now.</summary>
    private WireTransaction Row(string id, long amount)
    {
        var now = _stage.Clock.GetUtcNow();
        return Sent.Transaction(id, _account, amount) with
        {
            LocalDate = DateOnly.FromDateTime(now.ToOffset(TimeSpan.FromHours(10)).DateTime).ToString("yyyy-MM-dd"),
            TransactionDate = now.AddMinutes(-30).ToString("O"),
            PostDate = now.AddMinutes(-20).ToString("O"),
            Direction = amount > 0 ? "credit" : "debit",
            Currency = "aud",
        };
    }

    private AccountBalance Available(decimal amount) => _stage.Redbark.Balance(amount) with { CurrentOrigin = ValueOrigin.FallbackFromAvailable };

    private async Task DeliverAsync(params WireTransaction[] rows) => await _stage.Worker.ApplyAsync(
        Sent.Body(Sent.Write(EventTypes.TransactionsSynced, rows, created: _stage.Clock.GetUtcNow()), _stage.Clock.GetUtcNow()));

    private void Pass(int days = 0, int hours = 0) => _stage.Clock.Advance(new TimeSpan(days, hours, 0, 0));

    private Task<string> PollAsync(decimal? current) => PollAsync(_stage.Redbark.Balance(current));

    private async Task<string> PollAsync(AccountBalance balance)
    {
        _stage.Redbark.Answers(_account, balance);
        await _stage.RunAsync("poll-balances-redbark");
        return await KeepAsync();
    }

    private async Task<string> KeepAsync(WorkerUnderTest? worker = null, string? account = null)
    {
        var id = await _stage.LedgerAccountAsync(account ?? _account);
        foreach (var keeper in (worker ?? _stage.Worker).Get<IEnumerable<IAccountKeeper>>())
            await keeper.KeepAsync(id, CancellationToken.None);
        return (await _stage.Worker.QueryAsync(
            "SELECT concat_ws(' ', status, cause, coalesce(expected::numeric(20, 2)::text, '-'), coalesce(actual::numeric(20, 2)::text, '-')) FROM ledger.reconciliations WHERE account_id = $1",
            row => row.GetString(0), id)).Single();
    }
}
