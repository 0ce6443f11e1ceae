using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Balances.Calls;
using Redbark.Sync.Worker.Balances.Revolut;

namespace Redbark.Sync.Worker.Tests.Balances.OpenBanking.Support;

/// <summary>The Revolut provider against a script, with a clock that stands still until it waits.</summary>
internal sealed class RevolutStage : IDisposable
{
    public const string Account = "d3779729-6f0a-4b0e-bb43-fb5159b7c166";
    public const string Token = """{"access_token":"at-1","token_type":"Bearer","expires_in":3599}""";

    private readonly RevolutTokens _tokens;

    public RevolutStage(params string[] consents)
        : this([.. (consents.Length > 0 ? consents : ["main"]).Select(consent => ($"Revolut:Consents:{consent}:RefreshToken", $"refresh-{consent}"))], [])
    {
    }

    /// <summary>One consent, <c>main</c>, and what else the settings say.</summary>
    public RevolutStage((string Key, string Value) setting)
        : this([("Revolut:Consents:main:RefreshToken", "refresh-main")], [setting])
    {
    }

    private RevolutStage(IEnumerable<(string Key, string Value)> consents, IEnumerable<(string Key, string Value)> settings)
    {
        Budget = new MemoryBudget(Clock);
        RevolutOptions options = new();
        RevolutOptions.Read(options, new ConfigurationBuilder().AddInMemoryCollection([
            new("Revolut:BaseUrl", "http://localhost:9"),
            new("Revolut:ClientId", "client-1"),
            .. consents.Concat(settings).Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)),
        ]).Build());
        Assert.Empty(options.Problems);
        var meter = new CallMeter(Budget, Clock);
        var http = Bank.Http(Clock);
        _tokens = new RevolutTokens(options, http, RefreshTokens, meter, Clock);
        Provider = new RevolutBalanceProvider(options, new RevolutClient(options, http, _tokens, meter, Clock), NullLogger<RevolutBalanceProvider>.Instance);
        Bank.On("POST /token", ScriptedProvider.Json(Token));
    }

    public ManualClock Clock { get; } = new();

    public ScriptedProvider Bank { get; } = new();

    public MemoryBudget Budget { get; }

    public MemoryRefreshTokens RefreshTokens { get; } = new();

    public RevolutBalanceProvider Provider { get; }

    public static CallKey Key(string account = Account, string consent = "main") => new("revolut", consent, account, "balances");

    public static string BalancesCall(string account = Account) => $"GET /accounts/{account}/balances";

    public static ProviderAccount AccountOf(string id = Account, string? currency = "GBP", string consent = "main") => new("revolut", consent, id, null, "CurrentAccount", currency);

    public static string BalancesBody(params string[] balances) =>
        $$"""{"Data":{"Balance":[{{string.Join(",", balances)}}]},"Links":{"Self":"https://oba-auth.revolut.com/accounts/x/balances"},"Meta":{"TotalPages":1} }""";

    public static string Balance(string type, string sign, string amount, string currency = "GBP", string at = "2022-09-22T08:32:02.775972Z", string? lines = null, string account = Account) =>
        $$"""
        {"AccountId":"{{account}}","Amount":{"Amount":"{{amount}}","Currency":"{{currency}}"},"CreditDebitIndicator":"{{sign}}","Type":"{{type}}","DateTime":"{{at}}"{{(lines is null ? "" : $",\"CreditLine\":[{lines}]")}}}
        """;

    public static string Line(bool included, string? type, string? amount, string currency = "GBP") => string.Concat(
        $"{{\"Included\":{(included ? "true" : "false")}",
        type is null ? "" : $",\"Type\":\"{type}\"",
        amount is null ? "}" : $",\"Amount\":{{\"Amount\":\"{amount}\",\"Currency\":\"{currency}\"}}}}");

    public async Task<BalanceReading> ReadAsync(ProviderAccount? account = null) => Assert.Single(await ReadAsync([account ?? AccountOf()]));

    public Task<List<BalanceReading>> ReadAsync(IReadOnlyList<ProviderAccount> accounts) => Clock.PassAsync(Provider.ReadBalancesAsync(accounts, CancellationToken.None).ToListAsync().AsTask());

    public Task<List<ConnectionListing>> ListAsync() => Clock.PassAsync(Provider.ListAccountsAsync(CancellationToken.None).ToListAsync().AsTask());

    /// <summary>Reads one account whose answer is this body.</summary>
    public Task<BalanceReading> ReadBodyAsync(string body, string? currency = "GBP")
    {
        Bank.On(BalancesCall(), ScriptedProvider.Json(body));
        return ReadAsync(AccountOf(currency: currency));
    }

    public void Dispose()
    {
        _tokens.Dispose();
        Bank.Dispose();
    }
}
