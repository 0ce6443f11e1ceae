using System.Net;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Tests.Balances.OpenBanking.Support;
using static Redbark.Sync.Worker.Tests.Balances.OpenBanking.Support.RevolutStage;

namespace Redbark.Sync.Worker.Tests.Balances.OpenBanking;

/// <summary>Every row of open-banking-balances 2.8, and bodies that are not what they should be: an error on that account, never a wrong number.</summary>
public sealed class RevolutFaultTests : IDisposable
{
    private static readonly string Good = BalancesBody(Balance("InterimAvailable", "Credit", "1.00"));

    private readonly RevolutStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Theory]
    [InlineData(400, """{"Code":"400","Message":"no","Errors":[{"ErrorCode":"UK.OBIE.Field.Invalid","Message":"no"}]}""", ProviderFault.BadRequest, 1)]
    [InlineData(400, """{"Code":"400","Message":"no","Errors":[{"ErrorCode":"UK.OBIE.Resource.NotFound","Message":"no"}]}""", ProviderFault.AccountGone, 1)]
    [InlineData(401, "", ProviderFault.ReauthRequired, 2)]
    [InlineData(403, """{"Errors":[{"ErrorCode":"UK.OBIE.Reauthenticate"}]}""", ProviderFault.ReauthRequired, 1)]
    [InlineData(403, """{"Code":"403","Message":"Access forbidden","Errors":[{"ErrorCode":"UK.OBIE.Resource.Forbidden","Message":"Access forbidden"}]}""", ProviderFault.PermissionMissing, 1)]
    [InlineData(403, """{"code":"403","message":"Forbidden"}""", ProviderFault.PermissionMissing, 1)]
    [InlineData(403, """{"message":"Incorrect 'x-fapi-financial-id' value"}""", ProviderFault.CredentialInvalid, 1)]
    [InlineData(403, "<html>no</html>", ProviderFault.PermissionMissing, 1)]
    [InlineData(404, "", ProviderFault.AccountGone, 1)]
    [InlineData(405, "", ProviderFault.BadRequest, 1)]
    [InlineData(406, "null", ProviderFault.BadRequest, 1)]
    [InlineData(415, "[]", ProviderFault.BadRequest, 1)]
    [InlineData(500, """{"Code":"500","Message":"Internal","Errors":[]}""", ProviderFault.Transient, 2)]
    [InlineData(502, "<html><body>Bad gateway</body></html>", ProviderFault.Transient, 2)]
    [InlineData(503, "", ProviderFault.Transient, 2)]
    [InlineData(504, "{\"Errors\":\"none\",\"Code\":{}}", ProviderFault.Transient, 2)]
    public async Task A_status_means_what_the_spec_says(int status, string body, object fault, int calls)
    {
        _stage.Bank.On(BalancesCall(), ScriptedProvider.Json(body, (HttpStatusCode)status));
        var error = (await _stage.ReadAsync()).Error!;
        Assert.Equal((fault, (HttpStatusCode?)status), (error.Fault, error.Status));
        Assert.Equal(calls, _stage.Bank.Count(BalancesCall()));
        Assert.Equal(calls, _stage.Budget.Spent(Key()));
        Assert.DoesNotContain("at-1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7200", 7200)]
    [InlineData(null, 3600)]
    [InlineData("99999999", 86400)]
    [InlineData("Mon, 21 Sep 2026 07:28:00 GMT", 0)]
    public async Task Too_many_calls_are_waited_for_and_never_retried(string? retryAfter, int seconds)
    {
        _stage.Bank.On(BalancesCall(), ScriptedProvider.Status(429, retryAfter is null ? [] : [("Retry-After", retryAfter)]), ScriptedProvider.Json(Good));
        var now = _stage.Clock.GetUtcNow();

        var error = (await _stage.ReadAsync()).Error!;

        Assert.Equal((ProviderFault.RateLimited, now.AddSeconds(seconds), now), (error.Fault, error.NotBefore, _stage.Clock.GetUtcNow()));
        Assert.Equal(now.AddSeconds(seconds), _stage.Budget.Holds[Key()]);
        if (seconds > 0)
        {
            Assert.Equal(error.NotBefore, (await _stage.ReadAsync()).Error!.NotBefore);
            Assert.Equal(1, _stage.Bank.Count(BalancesCall()));
        }

        _stage.Clock.Advance(TimeSpan.FromSeconds(seconds));
        Assert.NotNull((await _stage.ReadAsync()).Balance);
    }

    [Fact]
    public async Task A_fault_that_passes_is_tried_again_once()
    {
        _stage.Bank.On(BalancesCall(), ScriptedProvider.Json("""{"Code":"500"}""", HttpStatusCode.InternalServerError), ScriptedProvider.Json(Good));
        var before = _stage.Clock.GetUtcNow();
        Assert.Equal(1.00m, (await _stage.ReadAsync()).Balance!.Current);
        Assert.InRange(_stage.Clock.GetUtcNow() - before, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(25));
    }

    [Fact]
    public async Task A_slow_body_is_given_up_after_its_time_and_tried_again_once()
    {
        _stage.Bank.On(BalancesCall(), ScriptedProvider.Slow, ScriptedProvider.Json(Good));
        var before = _stage.Clock.GetUtcNow();
        Assert.NotNull((await _stage.ReadAsync()).Balance);
        Assert.InRange(_stage.Clock.GetUtcNow() - before, TimeSpan.FromSeconds(31), TimeSpan.FromSeconds(58));
        Assert.Equal(2, _stage.Budget.Spent(Key()));

        _stage.Bank.On(BalancesCall("slow"), ScriptedProvider.Slow);
        _stage.Bank.On(BalancesCall(), ScriptedProvider.Json(Good));
        var readings = await _stage.ReadAsync([AccountOf("slow"), AccountOf()]);
        Assert.Equal([ProviderFault.Transient, null], readings.Select(reading => reading.Error?.Fault));
    }

    [Fact]
    public async Task A_call_that_reached_nobody_costs_nothing_and_a_broken_one_does()
    {
        _stage.Bank.On(BalancesCall(), ScriptedProvider.Unreachable);
        Assert.Equal(ProviderFault.Transient, (await _stage.ReadAsync()).Error!.Fault);
        Assert.Equal((2, 0), (_stage.Bank.Count(BalancesCall()), _stage.Budget.Spent(Key())));

        _stage.Bank.On(BalancesCall(), ScriptedProvider.Reset);
        Assert.Equal(ProviderFault.Transient, (await _stage.ReadAsync()).Error!.Fault);
        Assert.Equal(2, _stage.Budget.Spent(Key()));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        _stage.Bank.On(BalancesCall(), ScriptedProvider.Status(302, ("Location", "https://evil.example/")));
        Assert.Equal(ProviderFault.Protocol, (await _stage.ReadAsync()).Error!.Fault);
        Assert.All(_stage.Bank.Seen, request => Assert.Equal("localhost:9", request.Url.Authority));
    }

    [Fact]
    public async Task A_body_without_end_is_given_up()
    {
        _stage.Bank.On(BalancesCall(), ScriptedProvider.Huge);
        Assert.Equal(ProviderFault.Protocol, (await _stage.ReadAsync()).Error!.Fault);
    }

    [Fact]
    public async Task Words_of_the_provider_do_not_repeat_the_token()
    {
        _stage.Bank.On(BalancesCall(), ScriptedProvider.Json("""{"Code":"at-1","Message":"at-1 is wrong"}""", HttpStatusCode.BadRequest));
        var error = (await _stage.ReadAsync()).Error!;
        Assert.DoesNotContain("at-1", error.Message + error.Code, StringComparison.Ordinal);
    }

    public static TheoryData<string> Unusable => new(
        "<html>maintenance</html>",
        Good[..^20],
        "",
        "null",
        "[]",
        "\"text\"",
        "{}",
        """{"Data":null}""",
        """{"Data":[]}""",
        """{"Data":{}}""",
        """{"Data":{"Balance":null}}""",
        """{"Data":{"Balance":{}}}""",
        """{"Data":{"Balance":[null]}}""",
        """{"Data":{"Balance":[{}]}}""",
        """{"Code":"401 Unauthorized","Message":"Access token is invalid or expired","Errors":[{"ErrorCode":"UK.OBIE.Resource.Unauthorized"}]}""",
        BalancesBody(Balance("InterimAvailable", "Credit", "1,234.56")),
        BalancesBody(Balance("InterimAvailable", "Credit", "1 234.56")),
        BalancesBody(Balance("InterimAvailable", "Credit", "1.234,56")),
        BalancesBody(Balance("InterimAvailable", "Credit", "1e3")),
        BalancesBody(Balance("InterimAvailable", "Credit", "-1.00")),
        BalancesBody(Balance("InterimAvailable", "Credit", "+1.00")),
        BalancesBody(Balance("InterimAvailable", "Credit", " 1.00")),
        BalancesBody(Balance("InterimAvailable", "Credit", "")),
        BalancesBody(Balance("InterimAvailable", "Credit", ".")),
        BalancesBody(Balance("InterimAvailable", "Credit", "1.0.0")),
        BalancesBody(Balance("InterimAvailable", "Credit", "٤٢.00")),
        BalancesBody(Balance("InterimAvailable", "Credit", "NaN")),
        BalancesBody(Balance("InterimAvailable", "Credit", "12345678901234567890123456789")),
        BalancesBody(Balance("InterimAvailable", "Credit", "0.00000000000000000000000000001")),
        BalancesBody(Balance("InterimAvailable", "Credit", "1.00", "gbp")),
        BalancesBody(Balance("InterimAvailable", "Credit", "1.00", "GBPX")),
        BalancesBody(Balance("InterimAvailable", "", "1.00")),
        BalancesBody(Balance("InterimAvailable", "Both", "1.00")),
        BalancesBody(Balance("", "Credit", "1.00")),
        BalancesBody(Balance("InterimAvailable", "Credit", "1.00", account: "another")),
        BalancesBody(Balance("InterimAvailable", "Credit", "1.00"), Balance("InterimBooked", "Credit", "1,0")),
        BalancesBody(Balance("InterimAvailable", "Credit", "1.00", lines: "{}")),
        BalancesBody(Balance("InterimAvailable", "Credit", "1.00", lines: Line(true, "Temporary", "1,000.00"))),
        BalancesBody([.. Enumerable.Repeat(Balance("InterimAvailable", "Credit", "1.00"), 201)]));

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task A_body_that_cannot_be_relied_on_fails_its_account_only(string body)
    {
        _stage.Bank.On(BalancesCall("second"), ScriptedProvider.Json(BalancesBody(Balance("InterimAvailable", "Credit", "1.00", account: "second"))));
        _stage.Bank.On(BalancesCall(), ScriptedProvider.Json(body));
        var readings = await _stage.ReadAsync([AccountOf(), AccountOf("second")]);
        Assert.Equal((ProviderFault.Protocol, HttpStatusCode.OK), (readings[0].Error!.Fault, readings[0].Error!.Status ?? HttpStatusCode.OK));
        Assert.Equal(1, _stage.Bank.Count(BalancesCall()));
        Assert.NotNull(readings[1].Balance);
    }

    [Fact]
    public async Task What_is_more_or_less_than_documented_does_no_harm()
    {
        var body = """
            {"Data":{"Balance":[
              {"Amount":{"Amount":970.49,"Currency":"GBP","SubType":"BCUR"},"CreditDebitIndicator":"Credit","Type":"InterimAvailable","DateTime":"yesterday","LocalAmount":{"Amount":"1","Currency":"EUR"}},
              {"Amount":{"Amount":"5.00","Currency":"GBP"},"CreditDebitIndicator":"Debit","Type":"SomethingNew","DateTime":"2022-09-22T08:32:02",
               "CreditLine":[{"Included":false,"Type":"NewLine"}]},
              {"Amount":{"Amount":"7.00","Currency":"EUR"},"CreditDebitIndicator":"Credit","Type":"InterimBooked"}],
             "TotalValue":{}},"x\ud800":1,"D\ud800ta":2}
            """;
        var balance = (await _stage.ReadBodyAsync(body)).Balance!;
        Assert.Equal((970.49m, (DateTimeOffset?)null), (balance.Current, balance.AsOf));
        Assert.Equal(["currency_differs"], balance.Flags);
        Assert.Equal((BalanceKind.Other, "SomethingNew", -5.00m, new DateTimeOffset(2022, 9, 22, 8, 32, 2, TimeSpan.Zero)),
            (balance.Observations[1].Kind, balance.Observations[1].ProviderType, balance.Observations[1].Amount, balance.Observations[1].AsOf!.Value));
        Assert.Equal([new CreditLine(false, "NewLine", null, null)], balance.Observations[1].CreditLines);
    }
}
