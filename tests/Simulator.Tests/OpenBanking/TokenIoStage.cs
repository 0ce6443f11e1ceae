using System.Net;
using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.OpenBanking;
using Redbark.Sync.Simulator.OpenBanking.TokenIo;
using Redbark.Sync.Testing;

namespace Redbark.Sync.Simulator.Tests.OpenBanking;

/// <summary>A simulated Token.io on loopback and its client, in time that stands still.</summary>
internal sealed class TokenIoStage : IAsyncDisposable
{
    private readonly HttpClient _client;

    private TokenIoStage(SimulatedBank bank, SimulatedTokenIo tokenIo, ManualClock clock, HttpClient client)
    {
        Bank = bank;
        TokenIo = tokenIo;
        Clock = clock;
        _client = client;
    }

    public SimulatedBank Bank { get; }

    public SimulatedTokenIo TokenIo { get; }

    public ManualClock Clock { get; }

    public TokenIoFaults Faults => TokenIo.Faults;

    public string Consent => TokenIo.Options.Grants[0].TokenId;

    /// <summary>The everyday account (AUD).</summary>
    public ExposedAccount Everyday => TokenIo.Accounts[0];

    public static TokenIoOptions AllAccounts { get; } = new() { Accounts = [0, 1, 2, 3, 4] };

    public static async Task<TokenIoStage> SetAsync(TokenIoOptions? options = null)
    {
        var clock = new ManualClock();
        var bank = BankGenerator.Create(new BankOptions { Seed = 5, Accounts = 5, Rows = 60, Trades = 1 }, clock).Bank;
        var tokenIo = SimulatedTokenIo.Create(bank, options ?? AllAccounts);
        return new TokenIoStage(bank, tokenIo, clock, new HttpClient { BaseAddress = await tokenIo.StartAsync(cancellationToken: TestContext.Current.CancellationToken) });
    }

    public BankBalance Truth(ExposedAccount account) => Bank.Balances().Single(balance => balance.Account.Id == account.Account.Id);

    public Task<Heard> BalanceAsync(ExposedAccount? account = null, params (string Name, string? Value)[] headers) =>
        GetAsync($"/accounts/{(account ?? Everyday).Id}/balance", headers);

    /// <summary>The first accounts, in one call.</summary>
    public Task<Heard> BulkAsync(int accounts, string name = "account_id", params (string Name, string? Value)[] headers) =>
        GetAsync($"/account-balance?{string.Join('&', TokenIo.Accounts.Take(accounts).Select(account => $"{name}={account.Id}"))}", headers);

    /// <summary>Sends a call with the usual headers; a header given as null is left out.</summary>
    public Task<Heard> GetAsync(string path, params (string Name, string? Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers.Append(("Authorization", $"Basic {TokenIo.Options.ApiKey}")).Append(("on-behalf-of", Consent)).DistinctBy(header => header.Item1))
        {
            if (value is not null)
                request.Headers.TryAddWithoutValidation(name, value);
        }

        return Heard.FromAsync(_client, request);
    }

    public static void AssertError(HttpStatusCode status, string? code, Heard heard)
    {
        Assert.Equal(status, heard.Status);
        Assert.Equal(JsonShape.Of(code is null ? Examples.TokenIoErrorWithoutCode : Examples.TokenIoError), JsonShape.Of(heard.Body));
        Assert.Equal(code, (string?)heard.Json["error"]!["errorCode"]);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await TokenIo.DisposeAsync();
    }
}
