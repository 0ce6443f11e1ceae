using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Tests.Api;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Balances;

public sealed class BalanceApiTests : IAsyncLifetime
{
    private const string Long = "10000.00:00:00";

    private BalanceStage? _stage;
    private ApiHost? _host;

    private BalanceStage Stage => _stage!;

    private ApiHost Host => _host!;

    public async ValueTask InitializeAsync() => _stage = await BalanceStage.OpenAsync(new BalanceLink("tokenio", "main", "t", "acct_nowhere"));

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        await Stage.DisposeAsync();
    }

    [Fact]
    public async Task A_balance_says_where_it_comes_from_when_it_was_read_and_what_it_proves()
    {
        var account = Sent.Account();
        await Stage.Worker.ApplyAsync(Sent.Transactions(Sent.Transaction("t", account)));
        Stage.Redbark.Has("main", account);
        var asOf = Stage.Clock.GetUtcNow().AddMinutes(-1);
        Stage.Redbark.Answers(account, Stage.Redbark.Balance(-12009.1000m, 0.00m, asOf) with { CreditLimit = 500m, AvailableIncludesCredit = CreditInclusion.NotIncluded });
        await Stage.RunAsync("poll-balances-redbark");
        await StartAsync();

        var id = await Stage.Worker.ScalarAsync<long>("SELECT id FROM ledger.provider_accounts");
        var summary = $$"""
            "id":{{id}},"provider":"redbark","connectionId":"main","externalId":"{{account}}","institution":"Westpac","name":"Name of {{account}}",
            "type":"transaction","source":"fiskil","isBrokerage":false,"accountId":{{await Stage.LedgerAccountAsync(account)}},"linkedTo":null,"linkProblem":null,
            "currency":"AUD","current":"-12009.1000","currentOrigin":"reported","available":"0.00","availableIncludesCredit":"not_included","creditLimit":"500",
            "retrievedAt":"2026-10-03T01:02:03Z","earliestAt":"2026-10-03T00:57:03Z","asOf":"2026-10-03T01:01:03Z","flags":[],
            "stale":false,"staleSince":null,"error":null,"errorFault":null,"lastAttemptAt":"2026-10-03T01:02:03Z","notBefore":null,"goneAt":null
            """;
        ApiHost.AssertJson($$"""{"data":[{{{summary}}}],"next":null}""", await Host.GetAsync("/api/v1/balances"));

        var detail = await Host.GetAsync($"/api/v1/balances/{id}");
        ApiHost.AssertJson(
            """[{"type":"currentBalance","kind":"current","amount":"-12009.1000","received":"-12009.1000","currency":"AUD","asOf":"2026-10-03T01:01:03Z","creditLines":[]}]""",
            detail["figures"]!);
        detail.AsObject().Remove("figures");
        ApiHost.AssertJson($$"""{{{summary}}}""", detail);
    }

    [Fact]
    public async Task A_stale_balance_keeps_its_figure_and_says_why_and_since_when()
    {
        Stage.Redbark.Has("one", "failing", "unusable", "gone", "fine", "never");
        Stage.Redbark.Has("two", "away");
        Stage.Redbark.Has("three", "refused");
        foreach (var account in (string[])["failing", "unusable", "gone", "fine", "away", "refused"])
            Stage.Redbark.Answers(account, 7.00m);
        Stage.Redbark.Fails("never", ProviderFault.Unsupported);
        await Stage.RunAsync("poll-balances-redbark");

        Stage.Clock.Advance(TimeSpan.FromHours(1));
        Stage.Redbark.Fails("failing", ProviderFault.Transient, Stage.Clock.GetUtcNow().AddHours(2));
        Stage.Redbark.Answers("unusable", (decimal?)null);
        await Stage.RunAsync("poll-balances-redbark");
        Stage.Redbark.Has("one", "failing", "unusable", "fine", "never");
        Stage.Redbark.Connections.RemoveAll(connection => connection.ConnectionId == "two");
        Stage.Redbark.Says(new ConnectionListing("three", "Westpac", "invalidated", [Stage.Redbark.Account("refused", "three")]));
        await Stage.RunAsync("sync-accounts");
        await StartAsync();

        var shown = (await Host.GetAsync("/api/v1/balances"))["data"]!.AsArray().ToDictionary(
            balance => (string)balance!["externalId"]!, balance => $"{balance!["current"] ?? "null"} {balance["stale"]} {balance["errorFault"]} {balance["staleSince"]}");
        Assert.Equal("7.00 true transient 2026-10-03T02:02:03Z", shown["failing"]);
        Assert.Equal("7.00 true no_usable_balance 2026-10-03T02:02:03Z", shown["unusable"]);
        Assert.Equal("7.00 true account_gone 2026-10-03T02:02:03Z", shown["gone"]);
        Assert.Equal("7.00 false  ", shown["fine"]);
        Assert.Equal("null true unsupported 2026-10-03T01:02:03Z", shown["never"]);
        Assert.Equal("7.00 true connection_gone 2026-10-03T02:02:03Z", shown["away"]);
        Assert.Equal("7.00 true connection_status 2026-10-03T02:02:03Z", shown["refused"]);
        var failing = (await Host.GetAsync("/api/v1/balances"))["data"]!.AsArray().Single(balance => (string?)balance!["externalId"] == "failing")!;
        Assert.Equal(("failing: Transient", "2026-10-03T04:02:03Z"), ((string?)failing["error"], (string?)failing["notBefore"]));
    }

    [Fact]
    public async Task A_balance_that_nothing_has_read_for_long_is_stale_though_nothing_failed()
    {
        Stage.Redbark.Has("main", "a");
        Stage.Redbark.Answers("a", 7m);
        await Stage.RunAsync("poll-balances-redbark");
        await StartAsync(staleAfter: "02:00:00");
        var balance = (await Host.GetAsync("/api/v1/balances"))["data"]![0]!;
        Assert.Equal(("7", "too_old", "2026-10-03T03:02:03Z"), ((string?)balance["current"], (string?)balance["errorFault"], (string?)balance["staleSince"]));
    }

    [Fact]
    public async Task An_account_that_proves_nothing_says_why()
    {
        Stage.Redbark.Has("main", "a");
        Stage.Revolut.Has("main", "r");
        Stage.TokenIo.Has("main", "t");
        await Stage.RunAsync("sync-accounts");
        await StartAsync();
        Assert.Equal(
            ["no delivery has named the account yet", "not linked: Revolut:Consents:main:Links:r may name a ledger account", "the ledger has no account acct_nowhere (yet)"],
            (await Host.GetAsync("/api/v1/balances"))["data"]!.AsArray().OrderBy(balance => (string)balance!["provider"]!).Select(balance => (string?)balance!["linkProblem"]));
    }

    [Fact]
    public async Task Balances_can_be_narrowed_and_paged()
    {
        var account = Sent.Account();
        await Stage.Worker.ApplyAsync(Sent.Transactions(Sent.Transaction("t", account)));
        Stage.Redbark.Has("main", account, "b", "c");
        Stage.Revolut.Has("main", "r");
        await Stage.RunAsync("sync-accounts");
        await StartAsync();

        Assert.Equal(new[] { account, "b", "c", "r" }.Order(), Ids(await Host.AllAsync("/api/v1/balances", 2)).Order());
        Assert.Equal(["r"], Ids(await Host.AllAsync("/api/v1/balances?provider=revolut", 1)));
        Assert.Equal([account], Ids(await Host.AllAsync($"/api/v1/balances?accountId={await Stage.LedgerAccountAsync(account)}", 1)));
        Assert.Empty(await Host.AllAsync("/api/v1/balances?provider=nobody", 1));

        static IEnumerable<string> Ids(List<JsonNode> balances) => balances.Select(balance => (string)balance["externalId"]!);
    }

    [Fact]
    public async Task The_history_has_every_reading_the_newest_first_and_pages_over_months()
    {
        Stage.Redbark.Has("main", "a", "other");
        Stage.Redbark.Answers("other", 0m);
        foreach (var amount in (decimal?[])[1m, null, 3m])
        {
            Stage.Redbark.Answers("a", amount);
            await Stage.RunAsync("poll-balances-redbark");
            Stage.Clock.Advance(TimeSpan.FromDays(40));
        }

        await StartAsync();
        var id = await Stage.Worker.ScalarAsync<long>("SELECT id FROM ledger.provider_accounts WHERE external_id = 'a'");
        foreach (var limit in (int[])[1, 2, 10])
            Assert.Equal(["3", null, "1"], (await Host.AllAsync($"/api/v1/balances/{id}/history", limit)).Select(reading => (string?)reading["current"]));

        var newest = (await Host.GetAsync($"/api/v1/balances/{id}/history?limit=1"))["data"]![0]!.AsObject();
        newest.Remove("id");
        ApiHost.AssertJson("""
            {"retrievedAt":"2026-12-22T01:02:03Z","earliestAt":"2026-12-22T00:57:03Z","asOf":null,"currency":"AUD","current":"3","currentOrigin":"reported","available":null,
            "availableIncludesCredit":"unknown","creditLimit":null,"flags":[],
            "figures":[{"type":"currentBalance","kind":"current","amount":"3","received":"3","currency":"AUD","asOf":null,"creditLines":[]}]}
            """, newest);
    }

    [Fact]
    public async Task Holdings_are_those_of_the_last_reading()
    {
        Stage.Redbark.Says(new ConnectionListing("broker", "Stake", "active", [Stage.Redbark.Account("s", "broker", isBrokerage: true)]));
        Stage.Redbark.Holdings["s"] = [new Holding("OLD", null, 1m, null, null, null, null, "{}")];
        await Stage.RunAsync("poll-balances-redbark");
        Stage.Clock.Advance(TimeSpan.FromHours(1));
        Stage.Redbark.Holdings["s"] = [new Holding("VOO", "Vanguard", 10.50m, "USD", 400.1m, null, 0m, "{}"), new Holding("NDQ", null, 3m, "AUD", null, null, null, "{}")];
        await Stage.RunAsync("poll-balances-redbark");
        await StartAsync();

        var holdings = await Host.AllAsync("/api/v1/holdings?provider=redbark", 1);
        Assert.Equal(["VOO", "NDQ"], holdings.Select(holding => (string?)holding["symbol"]));
        holdings[0].AsObject().Remove("id");
        holdings[0].AsObject().Remove("providerAccountId");
        ApiHost.AssertJson("""
            {"accountId":null,"provider":"redbark","connectionId":"broker","externalId":"s","symbol":"VOO","name":"Vanguard","quantity":"10.50","currency":"USD",
            "averagePrice":"400.1","currentPrice":null,"marketValue":"0","retrievedAt":"2026-10-03T02:02:03Z"}
            """, holdings[0]);
        Assert.Empty(await Host.AllAsync("/api/v1/holdings?accountId=1", 10));
    }

    [Fact]
    public async Task Connections_show_their_state_and_page()
    {
        Stage.Redbark.Says(new ConnectionListing(
            "b", "Westpac", "active", [Stage.Redbark.Account("x", "b"), Stage.Redbark.Account("y", "b")], ConsentEndsAt: new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero)));
        Stage.Revolut.Says(new ConnectionListing("a", "Revolut", "reauth_required", [], new ProviderException(ProviderFault.ReauthRequired, "consent again")));
        await Stage.RunAsync("sync-accounts");
        await StartAsync();

        var connections = await Host.AllAsync("/api/v1/connections", 1);
        ApiHost.AssertJson("""
            {"provider":"redbark","connectionId":"b","institution":"Westpac","status":"active","accounts":2,"lastListedAt":"2026-10-03T01:02:03Z","needsAttentionSince":null,
            "consentEndsAt":"2026-12-01T00:00:00Z","error":null,"errorFault":null}
            """, connections[0]);
        ApiHost.AssertJson("""
            {"provider":"revolut","connectionId":"a","institution":"Revolut","status":"reauth_required","accounts":0,"lastListedAt":null,
            "needsAttentionSince":"2026-10-03T01:02:03Z","consentEndsAt":null,"error":"consent again","errorFault":"reauth_required"}
            """, connections[1]);
        Assert.Single(await Host.AllAsync("/api/v1/connections?provider=revolut", 5));
    }

    [Fact]
    public async Task What_cannot_be_read_is_a_problem_with_its_reason()
    {
        await StartAsync();
        Assert.Equal("provider_account_unknown", (string?)(await Host.ProblemAsync(404, "/api/v1/balances/404"))["reason"]);
        Assert.Equal("provider_account_unknown", (string?)(await Host.ProblemAsync(404, "/api/v1/balances/404/history"))["reason"]);
        foreach (var address in (string[])[
            "balances?accountId=x", "balances?limit=0", "balances?provider=%00", "balances/x", "balances/x/history", "holdings?accountId=x", "holdings?provider=%00", "connections?provider=%00"])
            Assert.Equal("parameter_invalid", (string?)(await Host.ProblemAsync(400, $"/api/v1/{address}"))["reason"]);
        foreach (var list in (string[])["balances", "holdings", "connections"])
            Assert.Equal("cursor_invalid", (string?)(await Host.ProblemAsync(400, $"/api/v1/{list}?after=AAAA"))["reason"]);
    }

    private async Task StartAsync(string staleAfter = Long)
    {
        _host = await ApiHost.StartAsync(Stage.Database.ConnectionString, new() { ["Api:Tokens:0"] = ApiHost.Token, [BalanceOptions.StaleAfterKey] = staleAfter });
        await Host.Services.GetRequiredService<DatabaseReadiness>().WaitAsync(TestContext.Current.CancellationToken);
    }
}
