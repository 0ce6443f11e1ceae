using Redbark.Sync.Contracts;
using Redbark.Sync.Wire.Rest;

namespace Redbark.Sync.Wire.Tests.Rest;

/// <summary>The answers that Redbark's documents show (spec 5.5).</summary>
public sealed class RecordedShapeTests : IDisposable
{
    private readonly ScriptedRedbark _redbark = new();

    [Fact]
    public async Task Connections()
    {
        _redbark.Http.Then("""
            {"data":[{"id":"B7C4A1E2-8d3f-4e9a-9c5b-1f2a3e4d5c6b","provider":"fiskil","category":"banking","institutionId":"77",
             "institutionName":"Westpac","institutionLogo":"https://cdn.redbark.co/logos/westpac.png","status":"active",
             "lastRefreshedAt":"2026-04-23T02:30:00.000Z","createdAt":"2026-01-15T10:00:00.000Z"},
             {"id":"c8","provider":"snaptrade","category":"brokerage","status":"invalidated","lastRefreshedAt":null}]}
            """);

        var read = await _redbark.Client.ReadConnectionsAsync(default);

        Assert.Equal(
            new RestConnection
            {
                Id = ScriptedRedbark.Connection, Provider = "fiskil", Category = "banking", InstitutionName = "Westpac", Status = "active",
                LastRefreshedAt = new DateTimeOffset(2026, 4, 23, 2, 30, 0, TimeSpan.Zero),
            },
            read.Rows[0]);
        Assert.Equal([false, true], read.Rows.Select(row => row.IsBrokerage));
        Assert.Equal("/v1/connections", _redbark.Http.Asked.Single().Path);
        Assert.Equal($"Bearer {ScriptedRedbark.Key}", _redbark.Http.Asked.Single().Authorization);
    }

    [Fact]
    public async Task Accounts()
    {
        _redbark.Http.Then("""
            {"data":[{"id":"c3d4e5f6-a7b8-9012-c3d4-e5f6a7b89012","connectionId":"b7c4a1e2-8d3f-4e9a-9c5b-1f2a3e4d5c6b","provider":"fiskil",
             "name":"Low Rate Credit Card","type":"credit-card","institutionName":"Westpac","accountNumber":"xxxx1234","currency":"aud","loyalty":{"tier":1}}],
             "pagination":{"total":1,"limit":200,"offset":0,"hasMore":false}}
            """);

        var account = Assert.Single((await _redbark.Client.ReadAccountsAsync(default)).Rows);

        Assert.Equal(
            ("c3d4e5f6-a7b8-9012-c3d4-e5f6a7b89012", ScriptedRedbark.Connection, "fiskil", "Low Rate Credit Card", "credit-card", "Westpac", "xxxx1234", "AUD"),
            (account.Id, account.ConnectionId, account.Provider, account.Name, account.Type, account.InstitutionName, account.AccountNumber, account.Currency));
        Assert.Equal("/v1/accounts?limit=200&offset=0", _redbark.Http.Asked.Single().Path);
    }

    [Fact]
    public async Task Balances_in_any_order_and_null_stays_null()
    {
        string[] ids = ["d4e5f6a7-b8c9-0123-d4e5-f6a7b8c90123", ScriptedRedbark.Account, "c3d4e5f6-a7b8-9012-c3d4-e5f6a7b89012"];
        _redbark.Http.Then("""
            {"data":[{"accountId":"a1b2c3d4-e5f6-7890-a1b2-c3d4e5f67890","currentBalance":"2345.670","availableBalance":"2345.67","currency":"AUD"},
             {"accountId":"c3d4e5f6-a7b8-9012-c3d4-e5f6a7b89012","currentBalance":"-842.15","availableBalance":4157.85,"currency":"aud"},
             {"accountId":"d4e5f6a7-b8c9-0123-d4e5-f6a7b8c90123","currentBalance":null,"availableBalance":null,"currency":null}]}
            """);

        var results = await _redbark.BalancesAsync([.. ids, ids[1].ToUpperInvariant()]);

        Assert.Equal(ids, results.Select(result => result.AccountId));
        Assert.Equal([null, new RestFigure(2345.670m, "2345.670"), new RestFigure(-842.15m, "-842.15")], results.Select(result => result.Balance!.Current));
        Assert.Equal([null, "2345.67", "4157.85"], results.Select(result => result.Balance!.Available?.Text));
        Assert.Equal([null, "AUD", "AUD"], results.Select(result => result.Balance!.Currency));
        Assert.Equal($"/v1/balances?accountIds={string.Join(',', ids)}", _redbark.Http.Asked.Single().Path);
    }

    [Fact]
    public async Task Transactions()
    {
        _redbark.Http.Then("""
            {"data":[{"id":"e4a7f91b2c3d4e5f6a7b8c9d","accountId":"a1b2c3d4-e5f6-7890-a1b2-c3d4e5f67890","accountName":"Everyday Account",
             "status":"posted","date":"2026-04-22","datetime":"2026-04-21T23:14:00.5660000Z","postDate":"2026-04-23","postDatetime":"2026-04-22T14:00:00.000Z",
             "description":"Woolworths Sydney CBD","amount":"-64.20",
             "direction":"debit","category":"FOOD_AND_DRINK","merchantName":"Woolworths","merchantCategoryCode":"5411"},
             {"id":"f5b8a02c3d4e5f6a7b8c9d0e","accountId":"a1b2c3d4-e5f6-7890-a1b2-c3d4e5f67890","accountName":"Everyday Account","status":"pending",
             "date":"2026-04-21","datetime":null,"description":"TFR FROM SAVINGS","amount":"500.00","direction":"credit","category":"TRANSFER_IN",
             "merchantName":null,"merchantCategoryCode":null}],
             "pagination":{"total":2,"limit":500,"offset":0,"hasMore":false}}
            """);

        var read = await _redbark.Client.ReadTransactionsAsync(ScriptedRedbark.Window() with { IncludePending = true }, default);

        Assert.Equal(
            new RestTransaction
            {
                Id = "e4a7f91b2c3d4e5f6a7b8c9d", AccountId = ScriptedRedbark.Account, AccountName = "Everyday Account", Status = TransactionStatus.Posted,
                Amount = -64.20m, Date = new DateOnly(2026, 4, 22), Datetime = new DateTimeOffset(2026, 4, 21, 23, 14, 0, 566, TimeSpan.Zero),
                PostDate = new DateOnly(2026, 4, 23), PostDatetime = new DateTimeOffset(2026, 4, 22, 14, 0, 0, TimeSpan.Zero),
                Description = "Woolworths Sydney CBD", Direction = "debit", Category = "FOOD_AND_DRINK", MerchantName = "Woolworths", MerchantCategoryCode = "5411",
            },
            read.Rows[0]);
        Assert.Equal((TransactionStatus.Pending, 500m, null), (read.Rows[1].Status, read.Rows[1].Amount, read.Rows[1].Datetime));
        Assert.Equal(
            $"/v1/transactions?connectionId={ScriptedRedbark.Connection}&accountId={ScriptedRedbark.Account}&from=2026-09-01&to=2026-09-30&includePending=true&limit=500&offset=0",
            _redbark.Http.Asked.Single().Path);
    }

    [Fact]
    public async Task Trades_and_holdings()
    {
        const string brokerage = "d4e5f6a7-b8c9-0123-d4e5-f6a7b8c90123";
        _redbark.Http.Then("""
            {"data":[{"id":"2026-04-15-VOO-BUY-4652-10-2026-04-17-1-","accountId":"d4e5f6a7-b8c9-0123-d4e5-f6a7b8c90123","accountName":"Trading Account",
             "symbol":"VOO","name":"Vanguard S&P 500 ETF","type":"buy","quantity":"10","price":"465.2","currency":"usd","totalAmount":"4652","fees":"1",
             "tradeDate":"2026-04-15","settlementDate":"2026-04-17","description":null}],
             "pagination":{"total":-1,"limit":500,"offset":0,"hasMore":false}}
            """).Then("""
            {"data":[{"id":"abc123def456ghi789jkl012","accountId":"d4e5f6a7-b8c9-0123-d4e5-f6a7b8c90123","accountName":"Trading Account","symbol":"VOO",
             "name":"Vanguard S&P 500 ETF","exchange":"NYSEARCA","currency":"USD","quantity":"40.0000","averagePrice":"412.80","currentPrice":"468.15",
             "marketValue":"18726.00","unrealizedPnl":"2214.00"}]}
            """);

        var trade = Assert.Single((await _redbark.Client.ReadTradesAsync(new("c", brokerage, new DateOnly(2026, 1, 1), new DateOnly(2026, 9, 30)), default)).Rows);
        var holding = Assert.Single((await _redbark.Client.ReadHoldingsAsync("c", brokerage, default)).Rows);

        Assert.Equal(
            ("2026-04-15-VOO-BUY-4652-10-2026-04-17-1-", "VOO", "buy", 10m, 465.2m, "USD", 4652m, 1m),
            (trade.Id, trade.Symbol, trade.Type, trade.Quantity, trade.Price, trade.Currency, trade.TotalAmount, trade.Fees));
        Assert.Equal((new DateOnly(2026, 4, 15), new DateOnly(2026, 4, 17)), (trade.TradeDate!.Value, trade.SettlementDate!.Value));
        Assert.Equal(("VOO", "USD", 40m, 412.80m, 18726m), (holding.Symbol, holding.Currency, holding.Quantity, holding.AveragePrice, holding.MarketValue));
    }

    [Theory]
    [InlineData("-842.15", "-842.15")]
    [InlineData("+5", "5")]
    [InlineData("0.0000000000000000000000000001", "0.0000000000000000000000000001")]
    [InlineData("9999999999999999999999999999", "9999999999999999999999999999")]
    [InlineData("12009.1000", "12009.1000")]
    public async Task An_amount_is_read_exactly_with_its_scale(string text, string amount)
    {
        _redbark.Http.Then($$"""{"data":[{"accountId":"a","currentBalance":"{{text}}","currency":"AUD"}]}""");
        Assert.Equal(amount, (await _redbark.BalancesAsync("a")).Single().Balance!.Current!.Value.Amount.ToString());
    }

    [Theory]
    [InlineData("\"1,234.56\"")]
    [InlineData("\"1.234,56\"")]
    [InlineData("\"1e3\"")]
    [InlineData("1e3")]
    [InlineData("\"\"")]
    [InlineData("\" 1\"")]
    [InlineData("\"1.2.3\"")]
    [InlineData("\"--1\"")]
    [InlineData("\"-\"")]
    [InlineData("\"NaN\"")]
    [InlineData("\"99999999999999999999999999999\"")]
    [InlineData("\"0.00000000000000000000000000001\"")]
    [InlineData("true")]
    [InlineData("{}")]
    public async Task An_amount_in_another_form_costs_only_its_own_account_the_balance(string json)
    {
        _redbark.Http.Then($$"""{"data":[{"accountId":"a","currentBalance":{{json}},"currency":"AUD"},{"accountId":"b","currentBalance":"1.00","currency":"AUD"}]}""");

        var results = await _redbark.BalancesAsync("a", "b");

        Assert.Equal(Http.ProviderFault.Protocol, results[0].Error!.Fault);
        Assert.StartsWith("the balance cannot be used: currentBalance is ", results[0].Error!.Message);
        Assert.Equal(1m, results[1].Balance!.Current!.Value.Amount);
    }

    [Theory]
    [InlineData("7", RowRejection.NotAnObject)]
    [InlineData("""{"accountId":"A","status":"posted","amount":"1","date":"2026-09-01"}""", RowRejection.IdMissing)]
    [InlineData("""{"id":"x","status":"posted","amount":"1","date":"2026-09-01"}""", RowRejection.AccountMissing)]
    [InlineData("""{"id":"x","accountId":"A","amount":"1","date":"2026-09-01"}""", RowRejection.StatusInvalid)]
    [InlineData("""{"id":"x","accountId":"A","status":"posted","date":"2026-09-01"}""", RowRejection.AmountInvalid)]
    [InlineData("""{"id":"x","accountId":"A","status":"posted","amount":"1,000.00","date":"2026-09-01"}""", RowRejection.AmountInvalid)]
    [InlineData("""{"id":"x","accountId":"A","status":"posted","amount":"1","direction":"debit","date":"2026-09-01"}""", RowRejection.SignMismatch)]
    [InlineData("""{"id":"x","accountId":"A","status":"posted","amount":"1","date":"1 September"}""", RowRejection.DateMissing)]
    [InlineData("""{"id":"x","accountId":"A","status":"posted","amount":"1","date":"2026-09-01","currency":"dollars"}""", RowRejection.CurrencyInvalid)]
    [InlineData("""{"id":"x","accountId":"other","status":"posted","amount":"1","date":"2026-09-01"}""", UnusableRow.OtherAccount)]
    public async Task A_row_that_cannot_be_used_is_told_of_and_the_others_are_read(string row, string reason)
    {
        row = row.Replace("\"A\"", $"\"{ScriptedRedbark.Account}\"");
        _redbark.Http.Then(ScriptedRedbark.Page([ScriptedRedbark.Row("t1"), row, ScriptedRedbark.Row("t2")]));

        var read = await _redbark.Client.ReadTransactionsAsync(ScriptedRedbark.Window(), default);

        Assert.Equal(["t1", "t2"], read.Rows.Select(one => one.Id));
        Assert.Equal((reason, row), (read.Unusable.Single().Reason, read.Unusable.Single().RawJson));
    }

    [Theory]
    [InlineData("HIT", 30)]
    [InlineData(null, 30)]
    [InlineData("MISS", 0)]
    [InlineData("bypass", 0)]
    public async Task An_answer_says_how_old_it_may_be(string? cache, int minutes)
    {
        _redbark.Http.Then(ScriptedRedbark.Page([]), headers: cache is null ? [] : [("X-Cache", cache)]);
        var read = await _redbark.Client.ReadTransactionsAsync(ScriptedRedbark.Window(), default);
        Assert.Equal(_redbark.Clock.GetUtcNow().AddMinutes(-minutes), read.NotOlderThan);
    }

    [Fact]
    public async Task The_oldest_page_says_how_old_the_whole_may_be()
    {
        _redbark.Http
            .Then(ScriptedRedbark.Page(ScriptedRedbark.Rows(0, 1), hasMore: true), headers: ("X-Cache", "MISS"))
            .Then(ScriptedRedbark.Page(ScriptedRedbark.Rows(1, 1)), headers: ("X-Cache", "HIT"));
        var read = await _redbark.Client.ReadTransactionsAsync(ScriptedRedbark.Window(), default);
        Assert.Equal(_redbark.Clock.GetUtcNow().AddMinutes(-30), read.NotOlderThan);
    }

    [Fact]
    public async Task A_deprecation_is_remembered_with_its_end()
    {
        _redbark.Http.Then(ScriptedRedbark.Page([]), headers: [("Deprecation", "true"), ("Sunset", "Wed, 01 Sep 2027 00:00:00 GMT")]);
        Assert.Null(_redbark.Client.Deprecation);
        await _redbark.Client.ReadAccountsAsync(default);
        Assert.Equal(new DateTimeOffset(2027, 9, 1, 0, 0, 0, TimeSpan.Zero), _redbark.Client.Deprecation!.Sunset);
    }

    public void Dispose() => _redbark.Dispose();
}
