using System.Net;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Simulator.Tests.Rest;

public sealed class V2Tests
{
    [Fact]
    public async Task Every_call_needs_the_version()
    {
        await using var stage = await RestStage.SetAsync();

        var answer = await stage.GetAsync("/v2/accounts");

        Assert.Equal((HttpStatusCode.BadRequest, "version_required"), (answer.Status, answer.Error));
        Assert.StartsWith("req_", answer.Header("Request-Id"), StringComparison.Ordinal);
        Assert.Equal("authentication_error", (string)(await stage.GetAsync("/v2/me", key: "wrong")).Json!["error"]!["type"]!);
    }

    [Fact]
    public async Task Pages_of_transactions_cover_every_row_under_tagged_ids()
    {
        await using var stage = await RestStage.SetAsync(rows: 250, accounts: 1);
        var ids = new List<string>();
        string? next = $"/v2/transactions?account={stage.Account.PublicId}&from=2026-01-01&include_pending=true&limit=100";
        while (next is not null)
        {
            var answer = await stage.GetV2Async(next);
            ids.AddRange(answer.Data.Select(row => (string)row!["id"]!));
            next = (string?)answer.Json!["next_page_url"];
        }

        Assert.Equal(256, ids.Count);
        Assert.Equal(stage.Bank.Transactions.Select(row => "txn_fk_" + row.Id).Order(), ids.Order());
    }

    [Fact]
    public async Task Balances_are_minor_units_with_the_time_at_which_they_were_seen()
    {
        await using var stage = await RestStage.SetAsync(accounts: 3);
        var truth = stage.Bank.Balances();

        var answer = await stage.GetV2Async($"/v2/balances?account={truth[0].Account.PublicId}&account={truth[2].Account.PublicId}");
        var one = await stage.GetV2Async($"/v2/accounts/{truth[2].Account.PublicId}/balance");

        Assert.Equal([truth[0].Current, truth[2].Current], answer.Data.Select(balance => (long)balance!["current"]!["amount"]!));
        Assert.Equal(answer.Data[1]!.ToJsonString(), one.Json!.ToJsonString());
        Assert.Equal(("2026-10-03T01:02:03.000Z", "fresh", "jpy"), ((string)one.Json["observed_at"]!, (string)one.Json["freshness"]!, (string)one.Json["currency"]!));
        Assert.Equal(HttpStatusCode.NotFound, (await stage.GetV2Async($"/v2/balances?account={truth[0].Account.PublicId}&account=acct_x")).Status);
    }

    [Fact]
    public async Task Me_names_the_time_zone_and_lists_name_accounts_and_connections_by_public_ids()
    {
        await using var stage = await RestStage.SetAsync();

        Assert.Equal("Australia/Sydney", (string)(await stage.GetV2Async("/v2/me")).Json!["timezone"]!);
        Assert.Equal(stage.Bank.Accounts.Select(account => account.PublicId), (await stage.GetV2Async("/v2/accounts")).Data.Select(account => (string)account!["id"]!));
        Assert.Equal(2, (await stage.GetV2Async("/v2/connections")).Data.Count);
        Assert.Equal(16, (await stage.GetV2Async("/v2/categories")).Data.Count);
    }

    [Fact]
    public async Task What_v2_refuses_has_a_code_and_a_parameter()
    {
        await using var stage = await RestStage.SetAsync();
        var path = $"/v2/transactions?account={stage.Account.PublicId}";

        Assert.Equal("from_too_old", (await stage.GetV2Async(path + "&from=2019-01-01")).Error);
        Assert.Equal("parameter_invalid", (await stage.GetV2Async(path + "&page=abc")).Error);
        Assert.Equal("connectionId", (string)(await stage.GetV2Async(path + "&connectionId=x")).Json!["error"]!["param"]!);
        Assert.Equal("account", (string)(await stage.GetV2Async("/v2/transactions")).Json!["error"]!["param"]!);
    }
}
