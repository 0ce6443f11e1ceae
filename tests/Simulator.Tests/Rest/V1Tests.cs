using System.Net;
using Redbark.Sync.Contracts;
using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.Rest;

namespace Redbark.Sync.Simulator.Tests.Rest;

public sealed class V1Tests
{
    [Fact]
    public async Task Pages_of_transactions_cover_every_posted_row_once_newest_first()
    {
        await using var stage = await RestStage.SetAsync(rows: 538, accounts: 1);

        var first = await stage.GetAsync(stage.AllTransactions + "&limit=500");
        var second = await stage.GetAsync(stage.AllTransactions + "&limit=500&offset=500");

        Assert.Equal((500, 38), (first.Data.Count, second.Data.Count));
        Assert.Equal("""{"total":538,"limit":500,"offset":0,"hasMore":true}""", first.Json!["pagination"]!.ToJsonString());
        Assert.False((bool)second.Json!["pagination"]!["hasMore"]!);
        Assert.Null(first.Header("X-Redbark-Truncated"));
        var ids = first.Data.Concat(second.Data).Select(row => (string)row!["id"]!).ToList();
        var expected = stage.Bank.Transactions.Where(row => row.Status == TransactionStatus.Posted)
            .OrderByDescending(row => row.OccurredAt).ThenByDescending(row => row.Id).Select(row => row.Id);
        Assert.Equal(expected, ids);
    }

    [Fact]
    public async Task Amounts_are_decimal_strings_with_the_decimals_of_the_currency_and_dates_are_local()
    {
        await using var stage = await RestStage.SetAsync(rows: 0, accounts: 5);
        var at = DateTimeOffset.Parse("2026-10-02T17:18:00.5660000Z");
        foreach (var account in stage.Bank.Accounts.Where(account => !account.IsBrokerage))
        {
            stage.Bank.Post(new BankTransaction
            {
                Id = "row" + account.Currency + account.Type, AccountId = account.Id, Status = TransactionStatus.Posted, MinorUnits = -4550,
                Description = "X", OccurredAt = at, PostedAt = at,
            });
        }

        foreach (var (currency, amount) in new[] { ("AUD", "-45.50"), ("JPY", "-4550"), ("KWD", "-4.550") })
        {
            var account = stage.Bank.Accounts.First(account => account.Currency == currency);
            var answer = await stage.GetAsync($"/v1/transactions?connectionId={account.ConnectionId}&accountId={account.Id}");
            var row = Assert.Single(answer.Data)!;
            Assert.Equal(amount, (string)row["amount"]!);
            Assert.Equal(("2026-10-03", "2026-10-02T17:18:00.5660000Z", "debit"), ((string)row["date"]!, (string)row["datetime"]!, (string)row["direction"]!));
        }
    }

    [Fact]
    public async Task Transactions_without_an_account_are_gone()
    {
        await using var stage = await RestStage.SetAsync();

        var answer = await stage.GetAsync($"/v1/transactions?connectionId={stage.Account.ConnectionId}");

        Assert.Equal((HttpStatusCode.Gone, "gone"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task From_and_to_are_inclusive_days_or_instants_and_default_to_30_days()
    {
        await using var stage = await RestStage.SetAsync(rows: 90, accounts: 1);
        var rows = stage.Bank.Transactions.Where(row => row.Status == TransactionStatus.Posted).ToList();
        var bare = $"/v1/transactions?connectionId={stage.Account.ConnectionId}&accountId={stage.Account.Id}&limit=500";
        var (first, last) = (new DateOnly(2026, 8, 1), new DateOnly(2026, 8, 20));

        Assert.Equal(rows.Count(row => stage.Bank.DateOf(row.OccurredAt) >= stage.Bank.Today.AddDays(-30)), (await stage.GetAsync(bare)).Data.Count);
        Assert.Equal(
            rows.Count(row => stage.Bank.DateOf(row.OccurredAt) >= first && stage.Bank.DateOf(row.OccurredAt) <= last),
            (await stage.GetAsync(bare + "&from=2026-08-01&to=2026-08-20")).Data.Count);
        Assert.Equal(
            rows.Count(row => row.OccurredAt >= DateTimeOffset.Parse("2026-08-01T00:00:00+10:00")),
            (await stage.GetAsync(bare + "&from=2026-08-01T00:00:00%2B10:00")).Data.Count);
        Assert.Equal(HttpStatusCode.BadRequest, (await stage.GetAsync(bare + "&from=2026-08-01T00:00:00")).Status);
    }

    [Fact]
    public async Task Pending_rows_come_only_when_asked_for_and_not_from_every_bank()
    {
        await using var stage = await RestStage.SetAsync(rows: 3, accounts: 1);

        Assert.Equal(3, (await stage.GetAsync(stage.AllTransactions)).Data.Count);
        Assert.Equal(9, (await stage.GetAsync(stage.AllTransactions + "&includePending=true")).Data.Count);
        stage.Redbark.RestFaults.IgnoresIncludePending = true;
        Assert.Equal(3, (await stage.GetAsync(stage.AllTransactions + "&includePending=true")).Data.Count);
    }

    [Fact]
    public async Task Past_the_ceiling_rows_are_cut_off_and_the_header_says_so()
    {
        await using var stage = await RestStage.SetAsync(rows: 12, accounts: 1);
        stage.Redbark.RestFaults.RowCeiling = 10;

        var answer = await stage.GetAsync(stage.AllTransactions + "&limit=4&offset=8");

        Assert.Equal("true", answer.Header("X-Redbark-Truncated"));
        Assert.Equal((2, 10), (answer.Data.Count, (int)answer.Json!["pagination"]!["total"]!));
    }

    [Fact]
    public async Task Balances_are_the_truth_of_the_bank()
    {
        await using var stage = await RestStage.SetAsync(rows: 100, accounts: 6);
        var truth = stage.Bank.Balances();

        var answer = await stage.GetAsync("/v1/balances?accountIds=" + string.Join(',', truth.Select(balance => balance.Account.Id)));

        Assert.Equal(
            truth.Select(balance => ((string?)balance.Account.Id.ToString(), (string?)RestFormat.Decimal(balance.CurrentMoney.Amount), (string?)RestFormat.Decimal(balance.AvailableMoney.Amount))),
            answer.Data.Select(row => ((string?)row!["accountId"], (string?)row["currentBalance"], (string?)row["availableBalance"])));
    }

    [Fact]
    public async Task One_bad_id_fails_all_balances()
    {
        await using var stage = await RestStage.SetAsync();
        var good = stage.Account.Id;

        Assert.Equal(HttpStatusCode.OK, (await stage.GetAsync($"/v1/balances?accountIds={good},{good}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await stage.GetAsync($"/v1/balances?accountIds={good},{Guid.Empty}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await stage.GetAsync($"/v1/balances?accountIds={good},{stage.Brokerage.Id}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await stage.GetAsync("/v1/balances")).Status);
        Assert.Equal(
            HttpStatusCode.BadRequest, (await stage.GetAsync("/v1/balances?accountIds=" + string.Join(',', Enumerable.Range(0, 101).Select(_ => Guid.NewGuid())))).Status);
    }

    [Fact]
    public async Task A_bank_that_cannot_be_read_gives_null_balances_that_are_not_cached()
    {
        await using var stage = await RestStage.SetAsync();
        (stage.Redbark.RestFaults.NullBalances, stage.Redbark.RestFaults.Caches) = (true, true);
        var path = $"/v1/balances?accountIds={stage.Account.Id}";

        var answer = await stage.GetAsync(path);

        Assert.Equal($$"""{"accountId":"{{stage.Account.Id}}","currentBalance":null,"availableBalance":null,"currency":null}""", Assert.Single(answer.Data)!.ToJsonString());
        Assert.Equal("BYPASS", answer.Header("X-Cache"));
        stage.Redbark.RestFaults.NullBalances = false;
        Assert.NotNull((await stage.GetAsync(path)).Data[0]!["currentBalance"]);
    }

    [Fact]
    public async Task Accounts_are_paged_and_ordered_by_name_and_connections_by_age()
    {
        await using var stage = await RestStage.SetAsync(accounts: 6);

        var accounts = await stage.GetAsync("/v1/accounts");
        var page = await stage.GetAsync("/v1/accounts?limit=2&offset=2");
        var connections = await stage.GetAsync("/v1/connections");

        var names = accounts.Data.Select(account => (string)account!["name"]!).ToList();
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Equal(accounts.Data.Skip(2).Take(2).Select(account => (string)account!["id"]!), page.Data.Select(account => (string)account!["id"]!));
        Assert.Equal(["snaptrade", "fiskil"], connections.Data.Select(connection => (string)connection!["provider"]!));
        Assert.Null(connections.Json!["pagination"]);
    }

    [Fact]
    public async Task Holdings_and_trades_belong_to_brokerage_connections_and_the_professional_plan()
    {
        await using var stage = await RestStage.SetAsync();
        var brokerage = $"connectionId={stage.Brokerage.ConnectionId}";

        var trades = await stage.GetAsync($"/v1/trades?{brokerage}");
        var holdings = await stage.GetAsync($"/v1/holdings?{brokerage}&accountIds={stage.Brokerage.Id}");

        Assert.Equal(stage.Bank.Trades.Select(trade => trade.Id).Order(), trades.Data.Select(trade => (string)trade!["id"]!).Order());
        Assert.Equal(stage.Bank.Holdings(stage.Brokerage.Id).Select(holding => holding.Symbol), holdings.Data.Select(holding => (string)holding!["symbol"]!));
        Assert.Equal(HttpStatusCode.NotFound, (await stage.GetAsync($"/v1/holdings?{brokerage}&accountId={stage.Account.Id}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await stage.GetAsync($"/v1/trades?connectionId={stage.Account.ConnectionId}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await stage.GetAsync($"/v1/trades?{brokerage}&from=2025-01-01&to=2026-01-03")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await stage.GetAsync($"/v1/transactions?{brokerage}&accountId={stage.Brokerage.Id}")).Status);
        stage.Redbark.RestFaults.ProfessionalRequired = true;
        Assert.Equal((HttpStatusCode.Forbidden, "professional_required"), ((await stage.GetAsync($"/v1/trades?{brokerage}")).Status, (await stage.GetAsync($"/v1/holdings?{brokerage}")).Error));
    }

    [Fact]
    public async Task Categories_stand_under_their_own_name_and_health_needs_no_key()
    {
        await using var stage = await RestStage.SetAsync();

        var categories = (await stage.GetAsync("/v1/categories")).Json!["categories"]!.AsArray();

        Assert.Equal(16, categories.Count);
        Assert.Equal("Food & Drink", (string)categories.Single(category => (string)category!["key"]! == "FOOD_AND_DRINK")!["label"]!);
        Assert.Equal("ok", (string)(await stage.GetAsync("/health", key: "wrong")).Json!["status"]!);
    }

    [Fact]
    public async Task Bad_parameters_are_named()
    {
        await using var stage = await RestStage.SetAsync();

        foreach (var path in new[] { "&limit=0", "&limit=501", "&limit=x", "&offset=-1", "&to=yesterday" })
        {
            var answer = await stage.GetAsync(stage.AllTransactions + path);
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.Contains(path[1..path.IndexOf('=')], (string)answer.Json!["error"]!["message"]!, StringComparison.Ordinal);
        }
    }
}
