using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Balances.TokenIo;
using Redbark.Sync.Worker.Tests.Balances.OpenBanking.Support;
using static Redbark.Sync.Worker.Tests.Balances.OpenBanking.Support.TokenIoStage;

namespace Redbark.Sync.Worker.Tests.Balances.OpenBanking;

/// <summary>Token.io's calls and shapes (open-banking-balances 3.3 to 3.7).</summary>
public sealed class TokenIoTests
{
    private const string AccountsBody = """
        {"accounts":[
          {"id":"a:8DbPteGnytmMbKXdnWTReeRB6cYWKXZ84JgLTBC7fKL4:5zKcENpV","name":"John A Smith","bankId":"ob-modelo",
           "accountDetails":{"identifier":"iban","type":["CHECKING"],"status":"Active","currency":"GBP"},"lastCacheUpdateMs":"1729212980771"},
          {"id":"a:scalar:1","bankId":"ob-modelo","accountDetails":{"type":"SAVINGS","currency":"gbp"}},
          {"id":"a:bare:1","bankId":"ob-modelo"},
          {"id":"a:bare:1","bankId":"ob-modelo"},
          {"bankId":"ob-modelo"}]}
        """;

    [Fact]
    public async Task A_read_sends_the_key_and_the_consent_and_no_customer()
    {
        using var stage = new TokenIoStage();
        await stage.ReadBodyAsync(Element(A, Money("current", "1.00")));

        var call = Assert.Single(stage.Bank.Seen);
        Assert.Equal(["Accept", "Authorization", "on-behalf-of"], call.Headers.Keys.Order(StringComparer.OrdinalIgnoreCase));
        Assert.Equal(("Basic bS0zanhoOmU1MWZjZDQ0", "ta:main:5zKtXEAq"), (call.Headers["Authorization"], call.Headers["on-behalf-of"]));
        Assert.Equal($"http://localhost:9/accounts/{Uri.EscapeDataString(A)}/balance", call.Url.AbsoluteUri);
    }

    [Fact]
    public async Task A_present_customer_is_told_of_and_not_counted()
    {
        using var stage = new TokenIoStage();
        stage.Bank.On(Single(), ScriptedProvider.Json(Element(A, Money("current", "1.00"))));
        for (var refresh = 0; refresh < 6; refresh++)
            Assert.NotNull(Assert.Single(await stage.Client.ReadBalancesAsync(stage.Main, [AccountOf()], new PresentCustomer("203.0.113.7"), CancellationToken.None)).Balance);
        Assert.Equal(("203.0.113.7", "true"), (stage.Bank.Seen[0].Headers["token-customer-ip-address"], stage.Bank.Seen[0].Headers["customer-initiated"]));
        Assert.Equal(0, stage.Budget.Spent(Key(A)));
    }

    [Fact]
    public async Task Accounts_are_listed_with_the_type_as_an_array_or_a_word()
    {
        using var stage = new TokenIoStage();
        stage.Bank.On("GET /accounts", ScriptedProvider.Json(AccountsBody), ScriptedProvider.Json("{}"));
        var listings = await stage.ListAsync();

        Assert.Equal(
        [
            new ProviderAccount("tokenio", "main", A, "John A Smith", "CHECKING", "GBP", Source: "ob-modelo"),
            new ProviderAccount("tokenio", "main", "a:scalar:1", null, "SAVINGS", null, Source: "ob-modelo"),
            new ProviderAccount("tokenio", "main", "a:bare:1", null, null, null, Source: "ob-modelo"),
        ], listings[0].Accounts);
        Assert.Equal(("ob-modelo", "active"), (listings[0].Institution, listings[0].Status));
        // proto3 leaves an empty list out.
        Assert.Equal(("other", "active", 0), (listings[1].ConnectionId, listings[1].Status, listings[1].Accounts.Count));
    }

    [Fact]
    public async Task Several_accounts_are_read_in_one_call_a_consent_and_matched_by_id()
    {
        using var stage = new TokenIoStage();
        stage.Bank.On(Bulk, ScriptedProvider.Json(Response(Element(C, Money("current", "3.00")), Element(B, Money("current", "2.00")), Element(A, Money("current", "1.00")))));
        stage.Bank.On(Single("a:elsewhere:1"), ScriptedProvider.Json(Element("a:elsewhere:1", Money("current", "4.00"))));

        var readings = await stage.ReadAsync([AccountOf(A), AccountOf("a:elsewhere:1", consent: "other"), AccountOf(B), AccountOf(C)]);

        Assert.Equal([(A, 1.00m), (B, 2.00m), (C, 3.00m), ("a:elsewhere:1", 4.00m)], readings.Select(reading => (reading.Account.ExternalId, reading.Balance!.Current!.Value)));
        Assert.Equal($"?account_id={Uri.EscapeDataString(A)}&account_id={Uri.EscapeDataString(B)}&account_id={Uri.EscapeDataString(C)}", stage.Bank.Seen[0].Url.Query);
        Assert.Equal("ta:other:5zKtXEAq", stage.Bank.Seen[1].Headers["on-behalf-of"]);
        Assert.Equal((1, 1), (stage.Budget.Spent(Key(A)), stage.Budget.Spent(Key(C))));
    }

    [Fact]
    public async Task Calls_are_cut_to_size()
    {
        using var stage = new TokenIoStage(("TokenIo:BulkSize", "2"));
        stage.Bank.On(Bulk, ScriptedProvider.Json(Response(Element(A, Money("current", "1.00")), Element(B, Money("current", "2.00")))));
        stage.Bank.On(Single(C), ScriptedProvider.Json(Element(C, Money("current", "3.00"))));
        Assert.All((await stage.ReadAsync(A, B, C)).Values, reading => Assert.NotNull(reading.Balance));
    }

    [Fact]
    public async Task The_other_spelling_of_the_parameter_is_tried_once_and_remembered()
    {
        using var stage = new TokenIoStage();
        var full = ScriptedProvider.Json(Response(Element(A, Money("current", "1.00")), Element(B, Money("current", "2.00"))));
        stage.Bank.On(Bulk, request => request.Url.Query.Contains("accountId=", StringComparison.Ordinal) ? full(request) : ScriptedProvider.Json("{}")(request));

        Assert.All((await stage.ReadAsync(A, B)).Values, reading => Assert.NotNull(reading.Balance));
        Assert.All((await stage.ReadAsync(A, B)).Values, reading => Assert.NotNull(reading.Balance));

        Assert.Equal(["?account_id", "?accountId", "?accountId"], stage.Bank.Seen.Select(request => request.Url.Query.Split('=')[0]));
    }

    [Fact]
    public async Task When_neither_spelling_brings_anything_the_accounts_fail_and_it_is_not_tried_again()
    {
        using var stage = new TokenIoStage(("TokenIo:AccountParameter", "accountId"));
        stage.Bank.On(Bulk, ScriptedProvider.Json("""{"response":[]}"""));
        Assert.All((await stage.ReadAsync(A, B)).Values, reading => Assert.Equal(ProviderFault.Protocol, reading.Error!.Fault));
        Assert.All((await stage.ReadAsync(A, B)).Values, reading => Assert.Equal(ProviderFault.Protocol, reading.Error!.Fault));
        Assert.Equal(["?accountId", "?account_id", "?accountId"], stage.Bank.Seen.Select(request => request.Url.Query.Split('=')[0]));
    }

    [Theory]
    [InlineData(501)]
    [InlineData(400)]
    public async Task A_bank_without_the_bulk_call_is_read_singly_from_then_on(int status)
    {
        using var stage = new TokenIoStage();
        stage.Bank.On(Bulk, ScriptedProvider.Status(status));
        foreach (var account in new[] { A, B })
            stage.Bank.On(Single(account), ScriptedProvider.Json(Element(account, Money("current", "1.00"))));

        Assert.All((await stage.ReadAsync(A, B)).Values, reading => Assert.NotNull(reading.Balance));
        Assert.All((await stage.ReadAsync(A, B)).Values, reading => Assert.NotNull(reading.Balance));
        Assert.Equal((1, 2, 3), (stage.Bank.Count(Bulk), stage.Bank.Count(Single()), stage.Budget.Spent(Key(A))));
    }

    [Fact]
    public async Task One_account_that_is_gone_does_not_cost_the_others_theirs()
    {
        using var stage = new TokenIoStage();
        stage.Bank.On(Bulk, ScriptedProvider.Status(404));
        stage.Bank.On(Single(A), ScriptedProvider.Status(404));
        stage.Bank.On(Single(B), ScriptedProvider.Json(Element(B, Money("current", "1.00"))));
        var readings = await stage.ReadAsync(A, B);
        Assert.Equal(ProviderFault.AccountGone, readings[A].Error!.Fault);
        Assert.NotNull(readings[B].Balance);
    }

    [Fact]
    public async Task A_bulk_call_that_keeps_failing_is_taken_apart_at_the_next_poll()
    {
        using var stage = new TokenIoStage();
        stage.Bank.On(Bulk, ScriptedProvider.Status(500));
        stage.Bank.On(Single(A), ScriptedProvider.Status(500));
        stage.Bank.On(Single(B), ScriptedProvider.Json(Element(B, Money("current", "1.00"))));
        Assert.All((await stage.ReadAsync(A, B)).Values, reading => Assert.Equal(ProviderFault.Transient, reading.Error!.Fault));

        var readings = await stage.ReadAsync(A, B);
        Assert.Equal(ProviderFault.Transient, readings[A].Error!.Fault);
        Assert.NotNull(readings[B].Balance);
        Assert.Equal(4, stage.Budget.Spent(Key(A)));
    }

    [Fact]
    public async Task An_account_without_budget_is_left_out_of_the_call()
    {
        using var stage = new TokenIoStage();
        stage.Bank.On(Single(A), ScriptedProvider.Json(Element(A, Money("current", "1.00"))));
        for (var poll = 0; poll < 3; poll++)
            await stage.ReadAsync();
        stage.Bank.On(Bulk, ScriptedProvider.Json(Response(Element(B, Money("current", "2.00")), Element(C, Money("current", "3.00")))));

        var readings = await stage.ReadAsync(A, B, C);

        Assert.Equal((ProviderFault.RateLimited, stage.Clock.GetUtcNow().AddHours(24)), (readings[A].Error!.Fault, readings[A].Error!.NotBefore));
        Assert.Equal((2.00m, 3.00m), (readings[B].Balance!.Current, readings[C].Balance!.Current));
        Assert.DoesNotContain(Uri.EscapeDataString(A), stage.Bank.Seen[^1].Url.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Elements_that_come_twice_must_agree()
    {
        using var stage = new TokenIoStage();
        stage.Bank.On(Bulk, ScriptedProvider.Json(Response(
            Element(A, Money("current", "1.00")), Element(A, Money("current", "1.00")),
            Element(B, Money("current", "2.00")), Element(B, Money("current", "2.50")), Element(B, Money("current", "2.00")),
            Element(C, "", "INVALID_REQUEST"), Element(C, Money("current", "3.00")),
            Element("a:stranger:1", Money("current", "9.00")))));
        var readings = await stage.ReadAsync(A, B, C);
        Assert.Equal(1.00m, readings[A].Balance!.Current);
        Assert.Equal(ProviderFault.Protocol, readings[B].Error!.Fault);
        Assert.Equal(3.00m, readings[C].Balance!.Current);
    }

    [Fact]
    public async Task An_element_that_does_not_say_whose_it_is_fails_only_the_account_that_is_missing()
    {
        using var stage = new TokenIoStage();
        stage.Bank.On(Bulk, ScriptedProvider.Json($$"""{"response":[{"status":"INVALID_REQUEST"},null,7,{{Element(A, Money("current", "1.00"))}}]}"""));
        var readings = await stage.ReadAsync(A, B);
        Assert.Equal(1.00m, readings[A].Balance!.Current);
        Assert.Equal(ProviderFault.Protocol, readings[B].Error!.Fault);
    }

    [Theory]
    [InlineData("\"1729212980771\"")]
    [InlineData("1729212980771")]
    [InlineData("\"2024-10-18T00:56:20.771Z\"")]
    public async Task The_time_of_a_balance_may_be_text_or_a_number(string json)
    {
        using var stage = new TokenIoStage();
        var balance = (await stage.ReadBodyAsync(Element(A, $"{Money("current", "1.00")},\"updatedAtMs\":{json}"))).Balance!;
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1729212980771), balance.AsOf);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"updatedAtMs\":null")]
    [InlineData(",\"updatedAtMs\":\"0\"")]
    [InlineData(",\"updatedAtMs\":{}")]
    [InlineData(",\"updatedAtMs\":\"soon\"")]
    public async Task A_balance_without_a_usable_time_has_none(string member)
    {
        using var stage = new TokenIoStage();
        var balance = (await stage.ReadBodyAsync(Element(A, Money("current", "1.00") + member))).Balance!;
        Assert.Equal((null, stage.Clock.GetUtcNow()), (balance.AsOf, balance.RetrievedAt));
    }

    [Fact]
    public async Task Other_balances_are_kept_under_the_banks_own_names()
    {
        using var stage = new TokenIoStage();
        var others = """
            "otherBalances":[
              {"type":"Expected","amount":{"currency":"GBP","value":"11950.0000"},"updatedAtMs":"1729212980771"},
              {"type":"closingbooked","amount":{"currency":"GBP","value":"-3"}},
              {"type":"Overdraft left","amount":{"currency":"GBP","value":"0.123456789"}},
              {"amount":{"currency":"JPY","value":"500"}}]
            """;
        var balance = (await stage.ReadBodyAsync(Element(A, others))).Balance!;
        Assert.Equal(
        [
            ("otherBalances:Expected", BalanceKind.Expected, "11950.0000"), ("otherBalances:closingbooked", BalanceKind.Booked, "-3"),
            ("otherBalances:Overdraft left", BalanceKind.Other, "0.123456789"), ("otherBalances:", BalanceKind.Other, "500"),
        ], balance.Observations.Select(figure => (figure.ProviderType, figure.Kind, figure.AmountText)));
        Assert.Equal((-3m, ValueOrigin.Reported, null), (balance.Current, balance.CurrentOrigin, balance.Available));
    }

    [Fact]
    public async Task Accounts_without_a_currency_take_the_only_one_there_is()
    {
        using var stage = new TokenIoStage();
        Assert.Equal(("KWD", 1.234m), Of((await stage.ReadBodyAsync(Element(A, Money("current", "1.234", "KWD")), currency: null)).Balance!));
        var two = (await stage.ReadBodyAsync(Element(A, $"{Money("current", "1.00", "EUR")},{Money("available", "2.00", "USD")}"), currency: null)).Balance!;
        Assert.Equal((null, null), (two.Current, two.Available));
        Assert.Equal(["currency_differs", "no_usable_balance"], two.Flags);

        static (string, decimal?) Of(AccountBalance balance) => (balance.Currency, balance.Current);
    }
}
