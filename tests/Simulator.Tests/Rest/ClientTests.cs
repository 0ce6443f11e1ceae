using System.Net;
using Redbark.Sync.Simulator.Rest;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Wire.Rest;

namespace Redbark.Sync.Simulator.Tests.Rest;

/// <summary>The client of REST v1 against the simulator, over HTTP.</summary>
public sealed class ClientTests
{
    [Fact]
    public async Task Connections_and_accounts_are_read_as_the_bank_has_them()
    {
        await using var stage = await RestStage.SetAsync(accounts: 230);
        using var client = Client(stage);

        var connections = await client.ReadConnectionsAsync(default);
        var accounts = await client.ReadAccountsAsync(default);

        Assert.Equal(stage.Bank.Connections.Select(one => (one.Id.ToString(), one.IsBrokerage)).Order(), connections.Rows.Select(one => (one.Id, one.IsBrokerage)).Order());
        Assert.Equal(stage.Bank.Accounts.Select(one => (one.Id.ToString(), one.Currency)).Order(), accounts.Rows.Select(one => (one.Id, one.Currency!)).Order());
        Assert.Empty(accounts.Unusable);
    }

    [Fact]
    public async Task Balances_are_read_though_brokerage_and_unknown_ids_are_among_them()
    {
        await using var stage = await RestStage.SetAsync(accounts: 130);
        using var client = Client(stage);
        var unknown = Guid.NewGuid().ToString();
        var truth = stage.Bank.Balances().ToDictionary(balance => balance.Account.Id.ToString());

        var results = await ReadAsync(client, [.. stage.Bank.Accounts.Select(one => one.Id.ToString()), unknown]);

        Assert.Equal(truth.Count + 2, results.Count);
        Assert.All(results.Where(one => one.Error is null), one =>
            Assert.Equal((truth[one.AccountId].CurrentMoney.Amount, truth[one.AccountId].CurrentMoney.Currency), (one.Balance!.Current!.Value.Amount, one.Balance.Currency)));
        Assert.Equal(
            new[] { (stage.Brokerage.Id.ToString(), ProviderFault.BadRequest), (unknown, ProviderFault.AccountGone) }.Order(),
            results.Where(one => one.Error is not null).Select(one => (one.AccountId, one.Error!.Fault)).Order());
    }

    [Fact]
    public async Task A_null_balance_is_null()
    {
        await using var stage = await RestStage.SetAsync();
        using var client = Client(stage);
        stage.Redbark.RestFaults.NullBalances = true;
        var result = Assert.Single(await ReadAsync(client, [stage.Account.Id.ToString()]));
        Assert.Equal((null, null, null), (result.Balance!.Current, result.Balance.Available, result.Balance.Currency));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(100)]
    [InlineData(7)]
    public async Task Every_transaction_is_read_whatever_the_ceiling(int? ceiling)
    {
        await using var stage = await RestStage.SetAsync(rows: 1200, accounts: 1);
        using var client = Client(stage);
        stage.Redbark.RestFaults.RowCeiling = ceiling;
        var today = stage.Bank.Today;

        var read = await client.ReadTransactionsAsync(new(stage.Account.ConnectionId.ToString(), stage.Account.Id.ToString(), today.AddDays(-400), today, IncludePending: true), default);

        if (ceiling is null or 100)
        {
            Assert.Equal(stage.Bank.Transactions.Select(row => row.Id).Order(), read.Rows.Select(row => row.Id).Order());
            Assert.Equal(stage.Bank.Transactions.Sum(row => row.MinorUnits), read.Rows.Sum(row => row.ToWire("AUD").Amount));
            Assert.Empty(read.TruncatedDays);
        }
        else
        {
            // The simulator does not page past its ceiling: what cannot be reached is told of.
            Assert.NotEmpty(read.TruncatedDays);
        }

        Assert.Empty(read.Unusable);
    }

    [Fact]
    public async Task A_count_is_exact_or_not_known()
    {
        await using var stage = await RestStage.SetAsync(rows: 40, accounts: 1);
        using var client = Client(stage);
        var query = new RestTransactionQuery(stage.Account.ConnectionId.ToString(), stage.Account.Id.ToString(), stage.Bank.Today.AddDays(-400), stage.Bank.Today);

        Assert.Equal(40, await client.CountTransactionsAsync(query, default));
        stage.Redbark.RestFaults.RowCeiling = 10;
        Assert.Null(await client.CountTransactionsAsync(query, default));
    }

    [Fact]
    public async Task Trades_and_holdings_are_read_and_refused_by_the_plan_without_costing_balances()
    {
        await using var stage = await RestStage.SetAsync();
        using var client = Client(stage);
        var (connection, account) = (stage.Brokerage.ConnectionId.ToString(), stage.Brokerage.Id.ToString());
        var trades = new RestTradeQuery(connection, account, stage.Bank.Today.AddDays(-800), stage.Bank.Today);

        Assert.Equal(stage.Bank.Trades.Select(trade => (trade.Id, trade.Quantity)).Order(), (await client.ReadTradesAsync(trades, default)).Rows.Select(trade => (trade.Id, trade.Quantity!.Value)).Order());
        Assert.Equal(
            stage.Bank.Holdings(stage.Brokerage.Id).Select(holding => (holding.Symbol, holding.Quantity)).Order(),
            (await client.ReadHoldingsAsync(connection, account, default)).Rows.Select(holding => (holding.Symbol!, holding.Quantity)).Order());

        stage.Redbark.RestFaults.ProfessionalRequired = true;
        var error = await Assert.ThrowsAsync<ProviderException>(() => client.ReadTradesAsync(trades, default));
        Assert.Equal((ProviderFault.PermissionMissing, "professional_required"), (error.Fault, error.Code));
        Assert.NotNull(Assert.Single(await ReadAsync(client, [stage.Account.Id.ToString()])).Balance);
    }

    [Fact]
    public async Task A_read_from_the_cache_says_so()
    {
        await using var stage = await RestStage.SetAsync();
        using var client = Client(stage);
        stage.Redbark.RestFaults.Caches = true;

        var fresh = Assert.Single(await ReadAsync(client, [stage.Account.Id.ToString()]));
        var kept = Assert.Single(await ReadAsync(client, [stage.Account.Id.ToString()]));

        Assert.Equal(TimeSpan.FromMinutes(5), fresh.NotOlderThan - kept.NotOlderThan);
    }

    [Theory]
    [InlineData(BodyFault.Html, ProviderFault.Protocol)]
    [InlineData(BodyFault.HalfJson, ProviderFault.Protocol)]
    [InlineData(BodyFault.ErrorInside, ProviderFault.Protocol)]
    [InlineData(BodyFault.Redirect, ProviderFault.Protocol)]
    [InlineData(BodyFault.ThousandsSeparators, ProviderFault.Protocol)]
    [InlineData(BodyFault.OtherCurrency, null)]
    [InlineData(BodyFault.ServerError, null)]
    public async Task A_spoilt_answer_is_an_error_and_never_a_wrong_number(BodyFault fault, ProviderFault? expected)
    {
        await using var stage = await RestStage.SetAsync();
        using var client = Client(stage, TimeProvider.System);
        stage.Redbark.RestFaults.Spoil(fault, "/v1/balances");
        var ids = new[] { stage.Account.Id.ToString() };

        var spoilt = Assert.Single(await ReadAsync(client, ids));
        var good = Assert.Single(await ReadAsync(client, ids));

        Assert.Equal(expected, spoilt.Error?.Fault);
        Assert.Equal(fault is BodyFault.OtherCurrency ? "USD" : expected is null ? "AUD" : null, spoilt.Balance?.Currency);
        Assert.Equal("AUD", good.Balance!.Currency);
    }

    [Fact]
    public async Task A_page_that_repeats_ends_the_read()
    {
        await using var stage = await RestStage.SetAsync(rows: 600, accounts: 1);
        using var client = Client(stage);
        stage.Redbark.RestFaults.Spoil(BodyFault.RepeatedPage, "/v1/transactions", calls: 10);
        var error = await Assert.ThrowsAsync<ProviderException>(() => client.ReadTransactionsAsync(
            new(stage.Account.ConnectionId.ToString(), stage.Account.Id.ToString(), stage.Bank.Today.AddDays(-400), stage.Bank.Today), default));
        Assert.Equal(ProviderFault.Protocol, error.Fault);
    }

    [Fact]
    public async Task A_slow_body_is_given_up()
    {
        await using var stage = await RestStage.SetAsync();
        using var client = Client(stage, TimeProvider.System, timeout: TimeSpan.FromMilliseconds(300));
        stage.Redbark.RestFaults.Spoil(BodyFault.Slow, "/v1/connections", calls: 3);
        var error = await Assert.ThrowsAsync<ProviderException>(() => client.ReadConnectionsAsync(default));
        Assert.Equal((ProviderFault.Transient, true), (error.Fault, error.ReachedProvider));
    }

    [Fact]
    public async Task A_refused_key_is_a_refused_credential()
    {
        await using var stage = await RestStage.SetAsync();
        using var client = Client(stage, key: "rbk_live_other");
        var error = await Assert.ThrowsAsync<ProviderException>(() => client.ReadAccountsAsync(default));
        Assert.Equal((ProviderFault.CredentialInvalid, HttpStatusCode.Unauthorized), (error.Fault, error.Status));
    }

    [Fact]
    public async Task The_limits_of_the_simulator_are_never_met()
    {
        await using var stage = await RestStage.SetAsync(options: new RestOptions { HeavyPerMinute = 3 });
        using var client = Client(stage, heavyPerMinute: 3);
        stage.Redbark.RestFaults.RateLimits = true;
        var (connection, account) = (stage.Brokerage.ConnectionId.ToString(), stage.Brokerage.Id.ToString());

        var reads = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.ReadHoldingsAsync(connection, account, default)));
        while (!reads.IsCompleted)
        {
            // Both live in the same time here; it passes while they wait.
            stage.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(2);
        }

        Assert.All(await reads, read => Assert.NotEmpty(read.Rows));
    }

    [Fact]
    public async Task A_deprecation_is_heard()
    {
        await using var stage = await RestStage.SetAsync();
        using var client = Client(stage);
        stage.Redbark.RestFaults.Deprecated = true;
        await client.ReadConnectionsAsync(default);
        Assert.NotNull(client.Deprecation?.Sunset);
    }

    [Fact]
    public async Task Account_details_are_served()
    {
        await using var stage = await RestStage.SetAsync();
        var answer = await stage.GetAsync($"/v1/account-details?accountIds={stage.Account.Id}");
        Assert.Equal(stage.Account.Id.ToString(), (string)answer.Data[0]!["accountId"]!);
        Assert.Equal(HttpStatusCode.BadRequest, (await stage.GetAsync($"/v1/account-details?accountIds={stage.Account.Id},{stage.Brokerage.Id}")).Status);
    }

    [Fact]
    public async Task Answers_can_be_spoilt_by_the_control()
    {
        await using var stage = await RestStage.SetAsync();
        await stage.PostAsync("/simulator/rest-faults", """{"deprecated":true,"spoil":{"fault":"ErrorInside","path":"/v1/connections","calls":1}}""");

        var first = await stage.GetAsync("/v1/connections");
        var second = await stage.GetAsync("/v1/connections");

        Assert.Equal((HttpStatusCode.OK, "provider_unavailable"), (first.Status, first.Error));
        Assert.NotEmpty(second.Data);
        Assert.Equal("true", second.Header("Deprecation"));
    }

    private static RedbarkClient Client(RestStage stage, TimeProvider? clock = null, TimeSpan? timeout = null, string? key = null, int heavyPerMinute = 10_000)
    {
        clock ??= stage.Clock;
        return new RedbarkClient(
            ProviderHttp.Create(stage.Address, clock, timeout: timeout ?? TimeSpan.FromDays(1)),
            new RedbarkClientOptions
            {
                ApiKey = key ?? stage.Redbark.Options.Rest.ApiKey, CheapPerMinute = 10_000, MidPerMinute = 10_000, HeavyPerMinute = heavyPerMinute,
            },
            clock);
    }

    private static async Task<List<RestBalanceResult>> ReadAsync(RedbarkClient client, IEnumerable<string> ids)
    {
        var all = new List<RestBalanceResult>();
        await foreach (var result in client.ReadBalancesAsync(ids, default))
            all.Add(result);
        return all;
    }
}
