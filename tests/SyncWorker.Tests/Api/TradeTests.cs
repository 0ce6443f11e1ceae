namespace Redbark.Sync.Worker.Tests.Api;

public sealed class TradeTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task A_trade_keeps_its_digits_and_its_money_has_the_scale_of_the_currency()
    {
        await host.TradeAsync(101, 1, quantity: "10.000500", price: "100.0499");

        const string trade = """
            {"id":101,"accountId":1,"externalId":"trade_101","type":"buy","symbol":"VAS","name":"Vanguard","quantity":"10.000500","price":"100.0499",
             "totalAmount":"1000.50","fees":"9.95","currency":"AUD","currencyAssumed":false,"tradedOn":"2026-11-02","settledOn":"2026-11-04","description":null,
             "revision":1,"observedAt":"2026-11-03T12:00:00Z","deliveryId":"00000000-0000-0000-0000-000000000000","recordedAt":"2026-11-03T12:00:00Z"}
            """;
        ApiHost.AssertJson(trade, await host.GetAsync("/api/v1/trades/101"));
        ApiHost.AssertJson($$"""{"data":[{{trade}}],"next":null}""", await host.GetAsync("/api/v1/trades?accountId=1"));
    }

    [Fact]
    public async Task The_list_can_be_narrowed_by_account_symbol_and_day()
    {
        await host.TradeAsync(201, 2, "1", symbol: "NDQ", tradedOn: "2026-10-01");
        await host.TradeAsync(202, 2, "1", symbol: "BHP", tradedOn: "2026-10-02");
        await host.TradeAsync(203, 3, "1", symbol: "NDQ", tradedOn: "2026-10-03");
        await host.TradeAsync(204, 3, null, symbol: null, tradedOn: "2026-10-03");

        Assert.Equal([202, 201], await IdsAsync("accountId=2"));
        Assert.Equal([203, 201], await IdsAsync("symbol=NDQ"));
        Assert.Equal([201], await IdsAsync("symbol=NDQ&accountId=2"));
        Assert.Equal([204, 203, 202], await IdsAsync("from=2026-10-02&to=2026-10-31"));
        Assert.Empty(await IdsAsync("symbol=ndq"));

        async Task<List<long>> IdsAsync(string query) =>
            (await host.GetAsync($"/api/v1/trades?{query}"))["data"]!.AsArray().Select(item => (long)item!["id"]!).ToList();
    }

    [Fact]
    public async Task Every_version_of_a_trade_is_listed_newest_first()
    {
        await host.TradeAsync(401, 4, "1");
        await host.SqlAsync("UPDATE ledger.trades SET quantity = 2.50 WHERE id = 401");

        var versions = (await host.GetAsync("/api/v1/trades/401/revisions"))["data"]!.AsArray();
        Assert.Equal(["2.50", "1"], versions.Select(version => (string?)version!["quantity"]));
        Assert.Null((string?)versions[0]!["supersededAt"]);
        Assert.NotNull((string?)versions[1]!["supersededAt"]);
        Assert.Equal([2, 1], (await host.AllAsync("/api/v1/trades/401/revisions", 1)).Select(version => (int)version["revision"]!));
    }

    [Fact]
    public async Task Positions_are_buys_less_sells()
    {
        await host.TradeAsync(501, 5, "10.5", symbol: "AAA");
        await host.TradeAsync(502, 5, "-0.25", symbol: "AAA", type: "sell");
        await host.TradeAsync(503, 5, null, symbol: "AAA", type: "dividend", tradedOn: "2026-11-03");
        await host.TradeAsync(504, 5, "9999999999999999999999999999", symbol: "BBB");
        await host.TradeAsync(505, 5, "0.0000000000000000000000000001", symbol: "BBB", currency: "USD");

        ApiHost.AssertJson("""
            {"data":[
             {"accountId":5,"symbol":"AAA","name":"Vanguard","quantity":"10.25","currency":"AUD","trades":2,"ignored":1,"lastTradedOn":"2026-11-03","status":null,"cause":null,"expected":null,"actual":null,"drift":null,"since":null,"observedAt":null},
             {"accountId":5,"symbol":"BBB","name":"Vanguard","quantity":"9999999999999999999999999999.0000000000000000000000000001","currency":null,
              "trades":2,"ignored":0,"lastTradedOn":"2026-11-02","status":null,"cause":null,"expected":null,"actual":null,"drift":null,"since":null,"observedAt":null}],
             "next":null}
            """, await host.GetAsync("/api/v1/positions?accountId=5"));
        Assert.Equal(["AAA", "BBB"], (await host.AllAsync("/api/v1/positions?accountId=5", 1)).Select(position => (string?)position["symbol"]));
    }

    [Theory]
    [InlineData("/api/v1/trades/999999")]
    [InlineData("/api/v1/trades/999999/revisions")]
    public async Task An_unknown_trade_is_404(string address) => Assert.Equal("trade_unknown", (string?)(await host.ProblemAsync(404, address))["reason"]);
}
