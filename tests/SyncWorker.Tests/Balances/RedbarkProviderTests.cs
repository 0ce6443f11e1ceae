using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Wire.Rest;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Balances.RedbarkRest;

namespace Redbark.Sync.Worker.Tests.Balances;

public sealed class RedbarkProviderTests : IDisposable
{
    private const string Banking = "b7c4a1e2-8d3f-4e9a-9c5b-1f2a3e4d5c6b";

    private readonly ManualClock _clock = new();
    private readonly ScriptedHttp _http;
    private readonly RedbarkAccess _access;
    private readonly RedbarkBalanceProvider _provider;

    public RedbarkProviderTests()
    {
        _http = new ScriptedHttp(_clock);
        _access = new RedbarkAccess(new RedbarkClient(
            new ProviderHttp(new HttpClient(_http) { BaseAddress = new Uri("https://api.redbark.test/") }, _clock, TimeSpan.FromDays(1)),
            new RedbarkClientOptions { ApiKey = "rbk_live_1", CheapPerMinute = 1000, MidPerMinute = 1000, HeavyPerMinute = 1000 }, _clock));
        _provider = new RedbarkBalanceProvider(_access, _clock, NullLogger<RedbarkBalanceProvider>.Instance);
    }

    [Fact]
    public async Task Accounts_stand_under_their_connections_whatever_their_status()
    {
        _http.Then("""
            {"data":[{"id":"c1","provider":"fiskil","category":"banking","institutionName":"Westpac","status":"active"},
             {"id":"c2","provider":"snaptrade","category":"brokerage","institutionName":"Trader","status":"invalidated"},
             {"id":"c3","provider":"plaid","category":"banking","institutionName":"Empty","status":"active"}, 5]}
            """).Then("""
            {"data":[{"id":"a1","connectionId":"c1","provider":null,"name":"Everyday","type":"transaction","currency":"aud"},
             {"id":"a2","connectionId":"c2","provider":"snaptrade","name":"Shares","type":"investment","currency":"USD"},
             {"id":"a3","connectionId":"gone","provider":"plaid","name":"Orphan","type":"savings","institutionName":"Old","currency":null},
             {"id":"a4","name":"no connection"}],
             "pagination":{"total":4,"limit":200,"offset":0,"hasMore":false}}
            """);

        var listings = await _provider.ListAccountsAsync(default).ToListAsync();

        Assert.Equal(
            [("c1", "Westpac", "active"), ("c2", "Trader", "invalidated"), ("c3", "Empty", "active"), ("gone", "Old", "not_listed")],
            listings.Select(one => (one.ConnectionId, one.Institution!, one.Status)));
        Assert.Equal(
            [
                new ProviderAccount("redbark", "c1", "a1", "Everyday", "transaction", "AUD", false, "fiskil"),
                new ProviderAccount("redbark", "c2", "a2", "Shares", "investment", "USD", true, "snaptrade"),
                new ProviderAccount("redbark", "gone", "a3", "Orphan", "savings", null, false, "plaid"),
            ],
            listings.SelectMany(one => one.Accounts));
    }

    [Fact]
    public async Task A_balance_keeps_every_figure_and_knows_what_is_borrowed()
    {
        _http.Then("""{"data":[{"accountId":"card","currentBalance":"-842.15","availableBalance":"4157.850","currency":"aud"}]}""");

        var balance = (await ReadAsync(Account("card", type: "credit-card"))).Single().Balance!;

        Assert.Equal(("AUD", -842.15m, ValueOrigin.Reported, 4157.85m), (balance.Currency, balance.Current, balance.CurrentOrigin, balance.Available));
        Assert.Equal((CreditInclusion.Included, null, _clock.GetUtcNow()), (balance.AvailableIncludesCredit, balance.AsOf, balance.RetrievedAt));
        Assert.Equal(
            [("currentBalance", BalanceKind.Current, "-842.15"), ("availableBalance", BalanceKind.Available, "4157.850")],
            balance.Observations.Select(figure => (figure.ProviderType, figure.Kind, figure.AmountText)));
        Assert.Empty(balance.Flags);
    }

    [Fact]
    public async Task A_balance_that_is_null_is_null_and_says_so()
    {
        _http.Then("""{"data":[{"accountId":"a1","currentBalance":null,"availableBalance":null,"currency":null}]}""");

        var balance = (await ReadAsync(Account("a1"))).Single().Balance!;

        Assert.Equal(("AUD", null, null, null), (balance.Currency, balance.Current, balance.CurrentOrigin, balance.Available));
        Assert.Empty(balance.Observations);
        Assert.Equal(["no_usable_balance"], balance.Flags);
    }

    [Fact]
    public async Task Figures_in_another_currency_are_kept_but_do_not_count()
    {
        _http.Then("""{"data":[{"accountId":"a1","currentBalance":"12.00","availableBalance":"12.00","currency":"usd"}]}""");

        var balance = (await ReadAsync(Account("a1"))).Single().Balance!;

        Assert.Equal(("AUD", null, null), (balance.Currency, balance.Current, balance.Available));
        Assert.Equal(["USD", "USD"], balance.Observations.Select(figure => figure.Currency));
        Assert.Equal(["currency_differs", "no_usable_balance"], balance.Flags);
    }

    [Fact]
    public async Task Without_any_currency_there_is_no_balance()
    {
        _http.Then("""{"data":[{"accountId":"a1","currentBalance":"12.00"}]}""");
        Assert.Equal(ProviderFault.Protocol, (await ReadAsync(Account("a1") with { Currency = null })).Single().Error!.Fault);
    }

    [Fact]
    public async Task Brokerage_accounts_are_not_asked_for()
    {
        _http.Then("""{"data":[{"accountId":"a1","currentBalance":"1.00","currency":"AUD"}]}""");

        var readings = await ReadAsync(Account("a1"), Account("b1") with { IsBrokerage = true });

        Assert.Equal([("a1", null), ("b1", ProviderFault.Unsupported)], readings.Select(one => (one.Account.ExternalId, one.Error?.Fault)).Order());
        Assert.Equal("a1", _http.Asked.Single()["accountIds"]);
    }

    [Fact]
    public async Task A_bank_that_does_not_answer_costs_the_others_nothing()
    {
        _http.Otherwise = ask => ask["accountIds"].Contains("down")
            ? ScriptedHttp.Answer("<html>Bad gateway</html>", HttpStatusCode.BadGateway)
            : ScriptedHttp.Answer($$"""{"data":[{{string.Join(',', ask["accountIds"].Split(',').Select(id => $$"""{"accountId":"{{id}}","currentBalance":"1.00","currency":"AUD"}"""))}}]}""");

        var readings = await ReadAsync(Account("a1"), Account("down1") with { ConnectionId = "c2" }, Account("a2"), Account("down2") with { ConnectionId = "c2" });

        Assert.Equal(["a1", "a2"], readings.Where(one => one.Balance is not null).Select(one => one.Account.ExternalId).Order());
        Assert.Equal(["down1", "down2"], readings.Where(one => one.Error?.Fault is ProviderFault.Transient).Select(one => one.Account.ExternalId).Order());
    }

    [Fact]
    public async Task Holdings_are_whole_or_an_error()
    {
        _http.Then("""{"data":[{"id":"h1","accountId":"b1","symbol":"VOO","name":"Vanguard","currency":"usd","quantity":"40.0000","marketValue":"18726.00"}]}""")
            .Then("""{"data":[{"id":"h1","accountId":"b2","symbol":"VOO","quantity":"1,000"}]}""")
            .Then("""{"error":{"message":"Plan","code":"professional_required"}}""", HttpStatusCode.Forbidden)
            .Then("""{"data":[]}""");

        var readings = await _provider.ReadHoldingsAsync([Account("b1"), Account("b2"), Account("b3"), Account("b4")], default).ToListAsync();

        var holding = readings[0].Holdings!.Single();
        Assert.Equal(("VOO", 40m, "USD", 18726m, null), (holding.Symbol, holding.Quantity, holding.Currency, holding.MarketValue, holding.AveragePrice));
        Assert.Contains("\"40.0000\"", holding.Figures);
        Assert.Equal([null, ProviderFault.Protocol, ProviderFault.PermissionMissing, null], readings.Select(one => one.Error?.Fault));
        Assert.Empty(readings[3].Holdings!);
    }

    [Fact]
    public void Without_a_key_it_is_disabled()
    {
        var options = Options();
        using var access = RedbarkAccess.Create(options, _clock);
        Assert.Empty(options.Problems);
        Assert.Equal("Redbark:ApiKey is not set", access.DisabledBecause);
        Assert.Throws<InvalidOperationException>(() => access.Client);
        Assert.Null(_provider.DisabledBecause);
    }

    [Fact]
    public void Settings_are_read()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "key");
        File.WriteAllText(file, "rbk_live_2\n");

        var options = Options(("ApiKeyFile", file), ("BaseUrl", "http://127.0.0.1:5300"), ("HeavyInFlight", "2"), ("MidPerMinute", "7"), ("LongestWaitSeconds", "5"), ("TimeoutSeconds", "9"));

        Assert.Empty(options.Problems);
        Assert.Equal(("rbk_live_2", 2, 7, 60), (options.Client!.ApiKey, options.Client.HeavyInFlight, options.Client.MidPerMinute, options.Client.CheapPerMinute));
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(9), "http://127.0.0.1:5300/"), (options.Client.LongestWait, options.Timeout, options.BaseUrl.ToString()));
        Assert.Equal(new Uri("https://api.redbark.com"), Options().BaseUrl);
    }

    [Theory]
    [InlineData("BaseUrl", "http://api.redbark.com", "Redbark:BaseUrl: expected an https:// address (http:// on this machine only), without a query, found 'http://api.redbark.com'.")]
    [InlineData("BaseUrl", "api", "Redbark:BaseUrl: expected an https:// address (http:// on this machine only), without a query, found 'api'.")]
    [InlineData("ApiKey", "rbk live", "Redbark:ApiKey: expected 1 to 4096 printable ASCII characters without spaces, found others.")]
    [InlineData("ApiKeyFile", "/nowhere/key", "Redbark:ApiKeyFile: expected a file that can be read, found '/nowhere/key'")]
    [InlineData("HeavyInFlight", "0", "Redbark:HeavyInFlight: expected a whole number from 1 to 100, found '0'.")]
    [InlineData("TimeoutSeconds", "1.5", "Redbark:TimeoutSeconds: expected a whole number from 1 to 600, found '1.5'.")]
    public void A_setting_that_cannot_be_used_is_named(string key, string value, string problem) =>
        Assert.StartsWith(problem, Assert.Single(Options((key, value)).Problems));

    public void Dispose() => _access.Dispose();

    private static RedbarkOptions Options(params (string Key, string Value)[] settings)
    {
        var options = new RedbarkOptions();
        RedbarkOptions.Read(options, new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(one => $"Redbark:{one.Key}", one => (string?)one.Value)).Build());
        return options;
    }

    private static ProviderAccount Account(string id, string type = "transaction") => new("redbark", Banking, id, "Everyday", type, "AUD", false, "fiskil");

    private async Task<List<BalanceReading>> ReadAsync(params ProviderAccount[] accounts)
    {
        var work = _provider.ReadBalancesAsync(accounts, default).ToListAsync().AsTask();
        while (!work.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        return await work;
    }
}
