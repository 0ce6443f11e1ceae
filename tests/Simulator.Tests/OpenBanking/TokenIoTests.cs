using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Redbark.Sync.Simulator.OpenBanking;
using Redbark.Sync.Simulator.OpenBanking.TokenIo;

namespace Redbark.Sync.Simulator.Tests.OpenBanking;

public sealed class TokenIoTests
{
    [Fact]
    public async Task Accounts_are_listed_and_read_one_by_one()
    {
        await using var stage = await TokenIoStage.SetAsync();

        var list = await stage.GetAsync("/accounts");
        var one = await stage.GetAsync($"/accounts/{stage.Everyday.Id}");

        Assert.Equal(JsonShape.Of(Examples.TokenIoAccounts), JsonShape.Of(list.Body));
        var accounts = list.Json["accounts"]!.AsArray();
        Assert.Equal(["CHECKING", "CARD", "CHECKING", "SAVINGS", "CHECKING"], accounts.Select(account => (string)account!["accountDetails"]!["type"]![0]!));
        Assert.All(accounts, account => Assert.Matches("^a:[1-9A-HJ-NP-Za-km-z]{44}:5zKcENpV$", (string)account!["id"]!));
        Assert.Equal(accounts[0]!.ToJsonString(), one.Json["account"]!.ToJsonString());
    }

    [Fact]
    public async Task Every_balance_is_the_truth_with_four_decimals_whether_the_id_is_raw_or_escaped()
    {
        await using var stage = await TokenIoStage.SetAsync();
        stage.Faults.OtherBalances = true;
        stage.Bank.Post(stage.TokenIo.Accounts[1].Account.Id, -9_000_000, "CAR");

        foreach (var account in stage.TokenIo.Accounts)
        {
            var raw = await stage.BalanceAsync(account);
            var escaped = await stage.GetAsync($"/accounts/{Uri.EscapeDataString(account.Id)}/balance");

            Assert.Equal(JsonShape.Of(Examples.TokenIoBalance), JsonShape.Of(raw.Body));
            Assert.Equal(raw.Body, escaped.Body);
            var balance = raw.Json["balance"]!;
            Assert.Equal((account.Id, account.Account.Currency), ((string)balance["accountId"]!, (string)balance["current"]!["currency"]!));
            Assert.Matches("^-?[0-9]+[.][0-9]{4}$", Value(balance, "current"));
            Assert.Equal(stage.Truth(account).CurrentMoney.Amount, decimal.Parse(Value(balance, "current")!));
            Assert.Equal(stage.Truth(account).AvailableMoney.Amount, decimal.Parse(Value(balance, "available")!));
        }

        Assert.Contains(stage.TokenIo.Accounts, account => stage.Truth(account).Current < 0);
        Assert.Contains(stage.TokenIo.Accounts, account => account.Account.Currency == "JPY");
        Assert.Contains(stage.TokenIo.Accounts, account => account.Account.Currency == "KWD");
    }

    [Theory]
    [InlineData("account_id")]
    [InlineData("accountId")]
    public async Task Several_balances_come_in_one_call_under_both_names(string name)
    {
        await using var stage = await TokenIoStage.SetAsync();

        var heard = await stage.BulkAsync(3, name);
        var escaped = await stage.GetAsync($"/account-balance?{name}={Uri.EscapeDataString(stage.Everyday.Id)}");

        Assert.Equal(stage.TokenIo.Accounts.Take(3).Select(account => account.Id), Ids(heard));
        Assert.All(heard.Json["response"]!.AsArray(), element => Assert.Equal("SUCCESSFUL_REQUEST", (string)element!["status"]!));
        Assert.Equal([stage.Everyday.Id], Ids(escaped));
    }

    [Theory]
    [InlineData(TokenIoParameter.SnakeCase, "account_id", "accountId")]
    [InlineData(TokenIoParameter.CamelCase, "accountId", "account_id")]
    public async Task Ids_under_a_name_that_is_not_understood_are_not_seen(TokenIoParameter parameter, string understood, string other)
    {
        await using var stage = await TokenIoStage.SetAsync();
        stage.Faults.Parameter = parameter;

        Assert.Equal(2, (await stage.BulkAsync(2, understood)).Json["response"]!.AsArray().Count);
        Assert.Equal("{}", (await stage.BulkAsync(2, other)).Body);
        stage.Faults.WritesDefaults = true;
        Assert.Equal("""{"response":[]}""", (await stage.BulkAsync(2, other)).Body);
    }

    [Fact]
    public async Task The_key_the_consent_and_the_account_are_checked()
    {
        await using var stage = await TokenIoStage.SetAsync(TokenIoStage.AllAccounts with { Grants = [new TokenIoGrant { Accounts = [0] }] });

        TokenIoStage.AssertError(HttpStatusCode.Unauthorized, null, await stage.BalanceAsync(null, ("Authorization", null)));
        TokenIoStage.AssertError(HttpStatusCode.Unauthorized, null, await stage.BalanceAsync(null, ("Authorization", "Basic other")));
        TokenIoStage.AssertError(HttpStatusCode.BadRequest, null, await stage.BalanceAsync(null, ("on-behalf-of", null)));
        TokenIoStage.AssertError(HttpStatusCode.Forbidden, "PermissionDenied", await stage.BalanceAsync(null, ("on-behalf-of", "ta:other")));
        TokenIoStage.AssertError(HttpStatusCode.NotFound, "NOT_FOUND", await stage.BalanceAsync(stage.TokenIo.Accounts[1]));
        TokenIoStage.AssertError(HttpStatusCode.NotFound, "NOT_FOUND", await stage.BulkAsync(2));
        Assert.Single((await stage.GetAsync("/accounts")).Json["accounts"]!.AsArray());
    }

    [Fact]
    public async Task A_consent_that_ended_is_403_until_it_is_given_again()
    {
        await using var stage = await TokenIoStage.SetAsync();

        stage.TokenIo.Revoke(stage.Consent);
        TokenIoStage.AssertError(HttpStatusCode.Forbidden, "PermissionDenied", await stage.BulkAsync(1));
        stage.TokenIo.Restore(stage.Consent);

        Assert.Equal(HttpStatusCode.OK, (await stage.BulkAsync(1)).Status);
    }

    [Fact]
    public async Task The_fifth_access_of_a_day_is_throttled_for_that_account_and_consent()
    {
        await using var stage = await TokenIoStage.SetAsync();
        await stage.BulkAsync(2);
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await stage.BalanceAsync()).Status);

        TokenIoStage.AssertError(HttpStatusCode.TooManyRequests, "RESOURCE_EXHAUSTED", await stage.BalanceAsync());
        var bulk = await stage.BulkAsync(2);
        Assert.Equal((HttpStatusCode.TooManyRequests, null), (bulk.Status, bulk.Header("Retry-After")));
        stage.Faults.RetryAfter = true;
        Assert.Equal("86400", (await stage.BulkAsync(2)).Header("Retry-After"));
        Assert.Equal(HttpStatusCode.OK, (await stage.BalanceAsync(null, ("token-customer-ip-address", "203.0.113.7"))).Status);
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await stage.BalanceAsync(stage.TokenIo.Accounts[1])).Status);
        Assert.Equal(HttpStatusCode.OK, (await stage.GetAsync("/accounts")).Status);
        stage.Clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal(HttpStatusCode.OK, (await stage.BalanceAsync()).Status);
    }

    [Fact]
    public async Task Calls_are_counted_by_endpoint_account_and_consent()
    {
        await using var stage = await TokenIoStage.SetAsync();

        await stage.BulkAsync(2);
        await stage.BulkAsync(1);
        await stage.BalanceAsync();
        await stage.GetAsync("/accounts", ("on-behalf-of", "ta:other"));

        var calls = stage.TokenIo.Calls;
        Assert.Equal((3, 2, 1, 0), (calls.Of("account-balance"), calls.Of("account-balance", stage.Everyday.Id, stage.Consent), calls.Of("balance"), calls.Of("accounts", consent: stage.Consent)));
    }

    [Fact]
    public async Task An_element_can_fail_be_missing_or_come_twice_and_backwards()
    {
        await using var stage = await TokenIoStage.SetAsync();
        var ids = stage.TokenIo.Accounts.Select(account => account.Id).ToArray();
        stage.Faults.Balances[ids[0]] = TokenIoBalanceShape.MoreSignaturesNeeded;
        stage.Faults.Balances[ids[1]] = TokenIoBalanceShape.InvalidRequest;
        stage.Faults.Balances[ids[2]] = TokenIoBalanceShape.Missing;

        var elements = (await stage.BulkAsync(4)).Json["response"]!.AsArray();
        stage.Faults.WritesDefaults = true;
        var written = (await stage.BulkAsync(4)).Json["response"]!.AsArray();
        stage.Faults.Balances.Clear();
        stage.Faults.Reversed = stage.Faults.Duplicates = true;
        var backwards = Ids(await stage.BulkAsync(2));

        Assert.Equal(
            [$$"""{"balance":{"accountId":"{{ids[0]}}"},"status":"MORE_SIGNATURES_NEEDED"}""", "{}", "SUCCESSFUL_REQUEST"],
            [elements[0]!.ToJsonString(), elements[1]!.ToJsonString(), (string)elements[2]!["status"]!]);
        Assert.Equal(3, elements.Count);
        Assert.Equal("""{"status":"INVALID_REQUEST"}""", written[1]!.ToJsonString());
        Assert.Empty(written[2]!["balance"]!["otherBalances"]!.AsArray());
        Assert.Equal([ids[1], ids[1], ids[0], ids[0]], backwards);
    }

    [Theory]
    [InlineData(TokenIoBalanceShape.OnlyCurrent, true, false, false)]
    [InlineData(TokenIoBalanceShape.OnlyAvailable, false, true, false)]
    [InlineData(TokenIoBalanceShape.OnlyOther, false, false, true)]
    public async Task Amounts_can_be_missing(TokenIoBalanceShape shape, bool current, bool available, bool other)
    {
        await using var stage = await TokenIoStage.SetAsync();
        stage.Faults.Balances.All = shape;

        var balance = (await stage.BalanceAsync()).Json["balance"]!.AsObject();

        Assert.Equal((current, available, other), (balance.ContainsKey("current"), balance.ContainsKey("available"), balance.ContainsKey("otherBalances")));
    }

    [Fact]
    public async Task Amounts_can_differ_in_currency_be_negative_or_be_no_number()
    {
        await using var stage = await TokenIoStage.SetAsync();
        stage.Faults.Unlimited = true;

        Assert.Equal(("EUR", "AUD"), await CurrenciesAsync(TokenIoBalanceShape.TwoCurrencies));
        Assert.Equal("-20.5000", Value((await stage.BalanceAsync(Shaped(TokenIoBalanceShape.Negative))).Json["balance"]!, "current"));
        Assert.Equal("1,234.56", Value((await stage.BalanceAsync(Shaped(TokenIoBalanceShape.Grouped))).Json["balance"]!, "available"));

        async Task<(string, string)> CurrenciesAsync(TokenIoBalanceShape shape)
        {
            var balance = (await stage.BalanceAsync(Shaped(shape))).Json["balance"]!;
            return ((string)balance["current"]!["currency"]!, (string)balance["available"]!["currency"]!);
        }

        ExposedAccount Shaped(TokenIoBalanceShape shape)
        {
            stage.Faults.Balances.All = shape;
            return stage.Everyday;
        }
    }

    [Theory]
    [InlineData(4, "[.][0-9]{4}$")]
    [InlineData(2, "[.][0-9]{2}$")]
    [InlineData(0, "^-?[0-9]+$")]
    [InlineData(9, "[.][0-9]{9}$")]
    [InlineData(null, "[.][0-9]{2}$")]
    public async Task Amounts_have_the_decimals_that_are_asked_for(int? decimals, string pattern)
    {
        await using var stage = await TokenIoStage.SetAsync();
        stage.Faults.Decimals = decimals;

        Assert.Matches(pattern, Value((await stage.BalanceAsync()).Json["balance"]!, "current"));
    }

    [Theory]
    [InlineData(TokenIoUpdatedAt.Text, JsonValueKind.String)]
    [InlineData(TokenIoUpdatedAt.Number, JsonValueKind.Number)]
    [InlineData(TokenIoUpdatedAt.Absent, null)]
    public async Task The_time_of_a_balance_has_the_form_that_is_asked_for(TokenIoUpdatedAt form, JsonValueKind? kind)
    {
        await using var stage = await TokenIoStage.SetAsync();
        stage.Faults.UpdatedAt = form;

        var updated = (await stage.BalanceAsync()).Json["balance"]!["updatedAtMs"];

        Assert.Equal(kind, updated?.GetValueKind());
        if (updated is not null)
            Assert.Equal(stage.Clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(), updated.ToString());
    }

    [Fact]
    public async Task The_type_of_an_account_can_be_one_word()
    {
        await using var stage = await TokenIoStage.SetAsync();
        stage.Faults.ScalarType = true;

        Assert.Equal("CHECKING", (string)(await stage.GetAsync("/accounts")).Json["accounts"]![0]!["accountDetails"]!["type"]!);
    }

    [Theory]
    [InlineData(TokenIoFailure.BadRequest, 400, null)]
    [InlineData(TokenIoFailure.Unauthorized, 401, null)]
    [InlineData(TokenIoFailure.Forbidden, 403, "PermissionDenied")]
    [InlineData(TokenIoFailure.Throttled, 429, "RESOURCE_EXHAUSTED")]
    [InlineData(TokenIoFailure.ServerError, 500, "InternalServerError")]
    [InlineData(TokenIoFailure.BankError, 500, "InternalServerError")]
    [InlineData(TokenIoFailure.Unimplemented, 501, "UNIMPLEMENTED")]
    [InlineData(TokenIoFailure.Unavailable, 503, "UNAVAILABLE")]
    [InlineData(TokenIoFailure.DeadlineExceeded, 504, "DEADLINE_EXCEEDED")]
    public async Task The_next_calls_can_fail_with_the_envelope(TokenIoFailure failure, int status, string? code)
    {
        await using var stage = await TokenIoStage.SetAsync();
        stage.Faults.Next.Add(failure, endpoint: "account-balance");

        Assert.Equal(HttpStatusCode.OK, (await stage.BalanceAsync()).Status);
        var failed = await stage.BulkAsync(2);

        TokenIoStage.AssertError((HttpStatusCode)status, code, failed);
        Assert.Equal(failure == TokenIoFailure.BankError ? "true" : null, failed.Header("token-external-error"));
        Assert.Equal(HttpStatusCode.OK, (await stage.BulkAsync(2)).Status);
    }

    [Fact]
    public async Task The_next_calls_can_fail_in_plain_text_truncated_or_reset()
    {
        await using var stage = await TokenIoStage.SetAsync();
        stage.Faults.Next.Add(TokenIoFailure.PlainText);
        stage.Faults.Next.Add(TokenIoFailure.Truncated);
        stage.Faults.Next.Add(TokenIoFailure.Reset);

        var plain = await stage.BalanceAsync();
        var truncated = await stage.BalanceAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => stage.BalanceAsync());

        Assert.Equal((HttpStatusCode.InternalServerError, "text/plain"), (plain.Status, plain.Type!.MediaType));
        Assert.Equal(HttpStatusCode.OK, truncated.Status);
        Assert.ThrowsAny<JsonException>(() => truncated.Json);
    }

    [Fact]
    public async Task Transactions_are_paged_by_an_opaque_offset_that_stops()
    {
        await using var stage = await TokenIoStage.SetAsync();
        stage.Faults.Unlimited = true;
        var path = $"/accounts/{stage.Everyday.Id}/transactions?page.limit=5";

        var rows = new List<JsonNode>();
        var offset = "";
        for (var page = await stage.GetAsync(path); page.Json["transactions"] is JsonArray items; page = await stage.GetAsync($"{path}&page.offset={offset}"))
        {
            rows.AddRange(items!);
            offset = (string)page.Json["offset"]!;
        }

        var known = stage.Bank.Transactions.Where(row => row.AccountId == stage.Everyday.Account.Id).ToArray();
        Assert.Equal(known.Length, rows.Select(row => (string)row["id"]!).Distinct().Count());
        Assert.Equal(offset, (string)(await stage.GetAsync($"{path}&page.offset={offset}")).Json["offset"]!);
        Assert.Equal(
            known.Sum(row => row.MinorUnits) / 100m,
            rows.Sum(row => decimal.Parse((string)row["amount"]!["value"]!) * ((string)row["type"]! == "DEBIT" ? -1 : 1)));
        var one = await stage.GetAsync($"/accounts/{stage.Everyday.Id}/transaction/{(string)rows[0]["id"]!}");
        Assert.Equal(rows[0].ToJsonString(), one.Json["transaction"]!.ToJsonString());
    }

    [Fact]
    public async Task Transactions_are_of_the_days_that_are_asked_for_both_included()
    {
        await using var stage = await TokenIoStage.SetAsync();
        stage.Faults.Unlimited = true;
        var day = stage.Bank.DateOf(stage.Bank.Transactions.First(row => row.AccountId == stage.Everyday.Account.Id).OccurredAt);
        var path = $"/accounts/{stage.Everyday.Id}/transactions?page.limit=199";

        var rows = (await stage.GetAsync($"{path}&startDate={day:yyyy-MM-dd}&endDate={day:yyyy-MM-dd}")).Json["transactions"]!.AsArray();

        Assert.Equal(stage.Bank.Transactions.Count(row => row.AccountId == stage.Everyday.Account.Id && stage.Bank.DateOf(row.OccurredAt) == day), rows.Count);
        TokenIoStage.AssertError(HttpStatusCode.BadRequest, null, await stage.GetAsync($"{path}&startDate=yesterday"));
        TokenIoStage.AssertError(HttpStatusCode.BadRequest, null, await stage.GetAsync($"/accounts/{stage.Everyday.Id}/transactions"));
        TokenIoStage.AssertError(HttpStatusCode.BadRequest, null, await stage.GetAsync($"/accounts/{stage.Everyday.Id}/transactions?page.limit=200"));
    }

    private static string? Value(JsonNode balance, string member) => (string?)balance[member]!["value"];

    private static IEnumerable<string> Ids(Heard bulk) => bulk.Json["response"]!.AsArray().Select(element => (string)element!["balance"]!["accountId"]!);
}
