using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.OpenBanking;
using Redbark.Sync.Simulator.OpenBanking.Revolut;
using Redbark.Sync.Testing;

namespace Redbark.Sync.Simulator.Tests.OpenBanking;

/// <summary>A simulated Revolut on loopback and its client, in time that stands still.</summary>
internal sealed class RevolutStage : IAsyncDisposable
{
    public const string RefreshToken = "simulated-refresh-token";

    private readonly HttpClient _client;

    private RevolutStage(SimulatedBank bank, SimulatedRevolut revolut, ManualClock clock, HttpClient client)
    {
        Bank = bank;
        Revolut = revolut;
        Clock = clock;
        _client = client;
    }

    public SimulatedBank Bank { get; }

    public SimulatedRevolut Revolut { get; }

    public ManualClock Clock { get; }

    public RevolutFaults Faults => Revolut.Faults;

    public string ConsentId => Revolut.Options.Grants[0].ConsentId;

    /// <summary>The everyday account (AUD).</summary>
    public ExposedAccount Everyday => Revolut.Accounts[0];

    public static RevolutOptions AllAccounts { get; } = new() { Accounts = [.. Enumerable.Range(0, 5).Select(number => new RevolutAccount(number))] };

    public static async Task<RevolutStage> SetAsync(RevolutOptions? options = null, HttpMessageHandler? handler = null, int rows = 60)
    {
        var clock = new ManualClock();
        var bank = BankGenerator.Create(new BankOptions { Seed = 5, Accounts = 5, Rows = rows, Trades = 1 }, clock).Bank;
        var revolut = SimulatedRevolut.Create(bank, options ?? AllAccounts);
        var client = new HttpClient(handler ?? new SocketsHttpHandler()) { BaseAddress = await revolut.StartAsync(cancellationToken: TestContext.Current.CancellationToken) };
        return new RevolutStage(bank, revolut, clock, client);
    }

    /// <summary>The bank's balance of an account, in minor units.</summary>
    public BankBalance Truth(ExposedAccount account) => Bank.Balances().Single(balance => balance.Account.Id == account.Account.Id);

    public Task<Heard> TokenAsync(params (string Name, string Value)[] form) => Heard.FromAsync(_client, new HttpRequestMessage(HttpMethod.Post, "/token")
    {
        Content = new FormUrlEncodedContent(form.Append(("client_id", Revolut.Options.ClientId)).Select(field => KeyValuePair.Create(field.Item1, field.Item2))),
    });

    public Task<Heard> RefreshAsync(string token = RefreshToken) => TokenAsync(("grant_type", "refresh_token"), ("refresh_token", token));

    public async Task<string> UserTokenAsync() => (string)(await RefreshAsync()).Json["access_token"]!;

    public async Task<string> ClientTokenAsync() => (string)(await TokenAsync(("grant_type", "client_credentials"), ("scope", "accounts"))).Json["access_token"]!;

    public Task<Heard> GetAsync(string path, string token, params (string Name, string? Value)[] headers) => SendAsync(HttpMethod.Get, path, token, null, headers);

    public Task<Heard> BalancesAsync(string token, ExposedAccount? account = null, params (string Name, string? Value)[] headers) =>
        GetAsync($"/accounts/{(account ?? Everyday).Id}/balances", token, headers);

    /// <summary>One balance item in the shape of the faults, past the budget.</summary>
    public async Task<Heard> ShapedAsync(RevolutBalanceShape shape)
    {
        Faults.Unlimited = true;
        Faults.Balances.All = shape;
        return await BalancesAsync(await UserTokenAsync());
    }

    /// <summary>Sends a call with the usual headers; a header given as null is left out.</summary>
    public Task<Heard> SendAsync(HttpMethod method, string path, string token, string? json = null, params (string Name, string? Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("x-fapi-financial-id", Revolut.Options.FinancialId);
        request.Headers.Add("Accept", "application/json");
        foreach (var (name, value) in headers)
        {
            request.Headers.Remove(name);
            if (value is not null)
                request.Headers.Add(name, value);
        }

        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return Heard.FromAsync(_client, request);
    }

    public Task<Heard> SendAsync(HttpRequestMessage request) => Heard.FromAsync(_client, request);

    public static void AssertEnvelope(HttpStatusCode status, string code, Heard heard)
    {
        Assert.Equal(status, heard.Status);
        Assert.Equal(JsonShape.Of(Examples.RevolutError), JsonShape.Of(heard.Body));
        Assert.Equal(code, (string)heard.Json["Errors"]![0]!["ErrorCode"]!);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Revolut.DisposeAsync();
    }
}
