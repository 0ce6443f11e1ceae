using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Balances.Calls;
using Redbark.Sync.Worker.Balances.TokenIo;

namespace Redbark.Sync.Worker.Tests.Balances.OpenBanking.Support;

/// <summary>The Token.io provider against a script, with a clock that stands still until it waits.</summary>
internal sealed class TokenIoStage : IDisposable
{
    public const string A = "a:8DbPteGnytmMbKXdnWTReeRB6cYWKXZ84JgLTBC7fKL4:5zKcENpV";
    public const string B = "a:9TF1111111111111111111111111111111111111:19hfk3nc";
    public const string C = "a:7XY2222222222222222222222222222222222222:29hfk3nd";
    public const string Bulk = "GET /account-balance";

    public TokenIoStage(params (string Key, string Value)[] settings)
    {
        Budget = new MemoryBudget(Clock);
        TokenIoOptions options = new();
        TokenIoOptions.Read(options, new ConfigurationBuilder().AddInMemoryCollection([
            new("TokenIo:BaseUrl", "http://localhost:9"),
            new("TokenIo:ApiKey", "bS0zanhoOmU1MWZjZDQ0"),
            new("TokenIo:Consents:main:TokenId", "ta:main:5zKtXEAq"),
            new("TokenIo:Consents:other:TokenId", "ta:other:5zKtXEAq"),
            .. settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)),
        ]).Build());
        Assert.Empty(options.Problems);
        Client = new TokenIoClient(options, Bank.Http(Clock), new CallMeter(Budget, Clock), Clock);
        Provider = new TokenIoBalanceProvider(options, Client, NullLogger<TokenIoBalanceProvider>.Instance);
        Main = options.Consents.Single(consent => consent.Name == "main");
    }

    public ManualClock Clock { get; } = new();

    public ScriptedProvider Bank { get; } = new();

    public MemoryBudget Budget { get; }

    public TokenIoClient Client { get; }

    public TokenIoBalanceProvider Provider { get; }

    public TokenIoConsent Main { get; }

    public static CallKey Key(string account, string consent = "main") => new("tokenio", consent, account, "balance");

    public static string Single(string account = A) => $"GET /accounts/{account}/balance";

    public static ProviderAccount AccountOf(string id = A, string? currency = "GBP", string consent = "main") => new("tokenio", consent, id, null, "CHECKING", currency);

    public static string Element(string account, string balance, string? status = "SUCCESSFUL_REQUEST") =>
        $$"""{"balance":{"accountId":"{{account}}"{{(balance.Length > 0 ? "," + balance : "")}}}{{(status is null ? "" : $",\"status\":\"{status}\"")}}}""";

    public static string Money(string member, string value, string currency = "GBP") => $$"""
        "{{member}}":{"currency":"{{currency}}","value":"{{value}}"}
        """;

    public static string Response(params string[] elements) => $$"""{"response":[{{string.Join(",", elements)}}]}""";

    public async Task<BalanceReading> ReadAsync(ProviderAccount? account = null) => Assert.Single(await ReadAsync([account ?? AccountOf()]));

    public Task<List<BalanceReading>> ReadAsync(IReadOnlyList<ProviderAccount> accounts) => Clock.PassAsync(Provider.ReadBalancesAsync(accounts, CancellationToken.None).ToListAsync().AsTask());

    public async Task<Dictionary<string, BalanceReading>> ReadAsync(params string[] accounts) =>
        (await ReadAsync([.. accounts.Select(account => AccountOf(account))])).ToDictionary(reading => reading.Account.ExternalId);

    public Task<List<ConnectionListing>> ListAsync() => Clock.PassAsync(Provider.ListAccountsAsync(CancellationToken.None).ToListAsync().AsTask());

    /// <summary>Reads one account whose answer is this body.</summary>
    public Task<BalanceReading> ReadBodyAsync(string body, string? currency = "GBP")
    {
        Bank.On(Single(), ScriptedProvider.Json(body));
        return ReadAsync(AccountOf(currency: currency));
    }

    public void Dispose() => Bank.Dispose();
}
