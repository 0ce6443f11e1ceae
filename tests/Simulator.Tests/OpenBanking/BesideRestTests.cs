using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.Control;
using Redbark.Sync.Simulator.OpenBanking.Revolut;
using Redbark.Sync.Simulator.OpenBanking.TokenIo;
using Redbark.Sync.Testing;

namespace Redbark.Sync.Simulator.Tests.OpenBanking;

public sealed class BesideRestTests : IAsyncLifetime
{
    private readonly SimulatedRedbark _redbark = SimulatedRedbark.Create(
        new SimulatorOptions
        {
            Bank = new BankOptions { Rows = 9, Trades = 0 },
            Revolut = new RevolutOptions { Accounts = [new RevolutAccount(0), new RevolutAccount(1)] },
            TokenIo = new TokenIoOptions { Accounts = [2] },
        },
        new ManualClock());

    private readonly HttpClient _client = new();

    public async ValueTask InitializeAsync() => _client.BaseAddress = await _redbark.StartRestAsync();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _redbark.DisposeAsync();
    }

    [Fact]
    public async Task All_three_are_served_at_one_address()
    {
        var revolut = await RevolutBalancesAsync(await UserTokenAsync());
        var tokenIo = await SendAsync(TokenIoGet($"/tokenio/accounts/{_redbark.TokenIo!.Accounts[0].Id}/balance"));

        Assert.Equal(HttpStatusCode.OK, revolut.Status);
        Assert.EndsWith($"/revolut/accounts/{_redbark.Revolut!.Accounts[0].Id}/balances", (string)revolut.Json["Links"]!["Self"]!, StringComparison.Ordinal);
        Assert.Equal("JPY", (string)tokenIo.Json["balance"]!["current"]!["currency"]!);
        Assert.Equal("ok", (string)JsonNode.Parse(await _client.GetStringAsync("/health", TestContext.Current.CancellationToken))!["status"]!);
    }

    [Fact]
    public async Task Faults_and_consents_are_handles_and_the_state_counts_calls()
    {
        await OrderAsync("revolut-faults", """{"fail":"ServerError","endpoint":"balances"}""");
        await OrderAsync("tokenio-faults", $$"""{"balances":"OnlyOther","account":"{{_redbark.TokenIo!.Accounts[0].Id}}","decimals":2,"reversed":true}""");
        var token = await UserTokenAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, (await RevolutBalancesAsync(token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await RevolutBalancesAsync(token)).Status);
        Assert.Null((await SendAsync(TokenIoGet($"/tokenio/accounts/{_redbark.TokenIo.Accounts[0].Id}/balance"))).Json["balance"]!["current"]);
        await OrderAsync("revolut-consents", $$"""{"consentId":"{{_redbark.Revolut!.Consents[0].ConsentId}}","act":"Revoke"}""");
        await OrderAsync("tokenio-consents", $$"""{"tokenId":"{{_redbark.TokenIo.Consents[0]}}","act":"Revoke"}""");
        Assert.Equal(HttpStatusCode.Unauthorized, (await RevolutBalancesAsync(token)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(TokenIoGet("/tokenio/accounts"))).Status);

        var state = JsonNode.Parse(await _client.GetStringAsync("/simulator/state", TestContext.Current.CancellationToken))!;
        Assert.Equal(_redbark.Bank.Accounts[2].Id.ToString(), (string)state["tokenIo"]!["accounts"]![0]!["accountId"]!);
        Assert.Equal("Revoked", (string)state["revolut"]!["consents"]![0]!["status"]!);
        Assert.Contains(state["revolut"]!["calls"]!.AsArray(), calls => (string)calls!["endpoint"]! == "balances" && (int)calls["calls"]! == 3);
    }

    [Fact]
    public async Task A_consent_can_be_given_by_a_handle()
    {
        var client = await TokenAsync(("grant_type", "client_credentials"), ("scope", "accounts"));
        var ask = new HttpRequestMessage(HttpMethod.Post, "/revolut/account-access-consents") { Content = new StringContent(Examples.RevolutAsk, Encoding.UTF8, "application/json") };
        var consent = (string)(await SendAsync(ask, client)).Data["ConsentId"]!;

        var code = (string)(await OrderAsync("revolut-consents", $$"""{"consentId":"{{consent}}","act":"Authorise","redirectUri":"https://app.example/back"}"""))["ids"]![0]!;

        Assert.NotEmpty(await TokenAsync(("grant_type", "authorization_code"), ("code", code), ("redirect_uri", "https://app.example/back")));
    }

    [Theory]
    [InlineData("revolut-faults", """{"fail":"Strange"}""")]
    [InlineData("revolut-faults", """{"fail":"Slow","calls":-1}""")]
    [InlineData("revolut-consents", """{"consentId":"other","act":"Revoke"}""")]
    [InlineData("tokenio-consents", """{"tokenId":"other","act":"Restore"}""")]
    [InlineData("tokenio-faults", """{"decimals":21}""")]
    public async Task A_bad_order_is_refused_with_its_reason(string path, string body) =>
        Assert.NotEmpty((string)(await OrderAsync(path, body, HttpStatusCode.BadRequest))["error"]!);

    [Fact]
    public async Task Without_accounts_there_is_neither()
    {
        await using var redbark = SimulatedRedbark.Create(new SimulatorOptions { Bank = new BankOptions { Rows = 1 } });
        using var client = new HttpClient { BaseAddress = await redbark.StartRestAsync(cancellationToken: TestContext.Current.CancellationToken) };

        Assert.Null(redbark.Revolut);
        Assert.Null(redbark.TokenIo);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/tokenio/accounts", TestContext.Current.CancellationToken)).StatusCode);
        using var order = new StringContent("{}");
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync("/simulator/revolut-faults", order, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public void Settings_become_options()
    {
        var options = SimulatorSettings.Read(Settings(
            ("Accounts", "4"), ("Revolut", "0, 3"), ("RevolutRefreshToken", "r"), ("RevolutConsent", "c"), ("TokenIo", "1"), ("TokenIoApiKey", "k"), ("TokenIoConsent", "ta:x")));

        Assert.Equal([0, 3], options.Revolut!.Accounts.Select(account => account.Account));
        Assert.Equal(("r", "c"), (options.Revolut.Grants.Single().RefreshToken, options.Revolut.Grants.Single().ConsentId));
        Assert.Equal([1], options.TokenIo!.Accounts);
        Assert.Equal(("k", "ta:x"), (options.TokenIo.ApiKey, options.TokenIo.Grants.Single().TokenId));
        Assert.Null(SimulatorSettings.Read(Settings()).Revolut);
    }

    [Theory]
    [InlineData("Revolut", "first")]
    [InlineData("Revolut", "0,0")]
    [InlineData("TokenIo", "3")]
    public void Numbers_of_accounts_that_cannot_be_used_are_named(string key, string value)
    {
        var error = Assert.Throws<SimulatorSettingException>(() => SimulatorSettings.Read(Settings((key, value))));
        Assert.StartsWith($"{key}: found '{value}'", error.Message, StringComparison.Ordinal);
    }

    private Task<string> UserTokenAsync() => TokenAsync(("grant_type", "refresh_token"), ("refresh_token", _redbark.Revolut!.Options.Grants[0].RefreshToken));

    private async Task<string> TokenAsync(params (string Name, string Value)[] form)
    {
        var fields = form.Append(("client_id", _redbark.Revolut!.Options.ClientId)).Select(field => KeyValuePair.Create(field.Item1, field.Item2));
        return (string)(await SendAsync(new HttpRequestMessage(HttpMethod.Post, "/revolut/token") { Content = new FormUrlEncodedContent(fields) })).Json["access_token"]!;
    }

    private Task<Heard> RevolutBalancesAsync(string token) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/revolut/accounts/{_redbark.Revolut!.Accounts[0].Id}/balances"), token);

    private HttpRequestMessage TokenIoGet(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", _redbark.TokenIo!.Options.ApiKey);
        request.Headers.TryAddWithoutValidation("on-behalf-of", _redbark.TokenIo.Options.Grants[0].TokenId);
        return request;
    }

    private Task<Heard> SendAsync(HttpRequestMessage request, string? token = null)
    {
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            request.Headers.Add("x-fapi-financial-id", _redbark.Revolut!.Options.FinancialId);
        }

        return Heard.FromAsync(_client, request);
    }

    private async Task<JsonNode> OrderAsync(string path, string body, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var heard = await SendAsync(new HttpRequestMessage(HttpMethod.Post, "/simulator/" + path) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
        Assert.True(expected == heard.Status, $"{path}: {(int)heard.Status} {heard.Body}");
        return heard.Json;
    }

    private static IConfiguration Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
}
