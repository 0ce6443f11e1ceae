using System.Net;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Tests.Balances.OpenBanking.Support;
using static Redbark.Sync.Worker.Tests.Balances.OpenBanking.Support.TokenIoStage;

namespace Redbark.Sync.Worker.Tests.Balances.OpenBanking;

/// <summary>Every row of open-banking-balances 3.9, and bodies that are not what they should be.</summary>
public sealed class TokenIoFaultTests : IDisposable
{
    private static readonly string Good = Element(A, Money("current", "1.00"));

    private readonly TokenIoStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Theory]
    [InlineData(400, """{"error":{"message":"bad","tokenTraceId":"5678912345"}}""", ProviderFault.BadRequest, null, 1)]
    [InlineData(401, """{"error":{"message":"bad key","tokenTraceId":"5678912345"}}""", ProviderFault.CredentialInvalid, null, 1)]
    [InlineData(403, """{"error":{"errorCode":"PermissionDenied","message":"Consent expired at the bank","tokenTraceId":"5678912345"}}""", ProviderFault.ReauthRequired, "PermissionDenied", 1)]
    [InlineData(404, """{"error":{"errorCode":"NOT_FOUND","message":"no","paymentId":"x","tokenTraceId":"5678912345"}}""", ProviderFault.AccountGone, "NOT_FOUND", 1)]
    [InlineData(429, """{"error":{"errorCode":"RESOURCE_EXHAUSTED","message":"slow down","tokenTraceId":"5678912345"}}""", ProviderFault.RateLimited, "RESOURCE_EXHAUSTED", 1)]
    [InlineData(500, """{"error":{"errorCode":"InternalServerError","message":"oh","tokenTraceId":"5678912345"}}""", ProviderFault.Transient, "InternalServerError", 2)]
    [InlineData(501, """{"error":{"errorCode":"UNIMPLEMENTED","message":"no","tokenTraceId":"5678912345"}}""", ProviderFault.Unsupported, "UNIMPLEMENTED", 1)]
    [InlineData(503, """{"error":{"errorCode":"UNAVAILABLE","message":"no","tokenTraceId":"5678912345"}}""", ProviderFault.Transient, "UNAVAILABLE", 2)]
    [InlineData(504, """{"error":{"errorCode":"DEADLINE_EXCEEDED","message":"no","tokenTraceId":"5678912345"}}""", ProviderFault.Transient, "DEADLINE_EXCEEDED", 2)]
    public async Task A_status_means_what_the_spec_says(int status, string body, object fault, string? code, int calls)
    {
        _stage.Bank.On(Single(), ScriptedProvider.Json(body, (HttpStatusCode)status));
        var error = (await _stage.ReadAsync()).Error!;
        Assert.Equal((fault, (HttpStatusCode?)status, code), (error.Fault, error.Status, error.Code));
        Assert.Equal((calls, calls), (_stage.Bank.Count(Single()), _stage.Budget.Spent(Key(A))));
        Assert.Contains("5678912345", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("bS0zanhoOmU1MWZjZDQ0", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("upstream connect error")]
    [InlineData("<html><body>502</body></html>")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"error\":\"text\"}")]
    [InlineData("{\"error\":{\"errorCode\":{},\"message\":7}")]
    public async Task Bodies_of_errors_may_be_anything(string body)
    {
        _stage.Bank.On(Single(), ScriptedProvider.Text(body, "text/plain", HttpStatusCode.InternalServerError));
        Assert.Equal(ProviderFault.Transient, (await _stage.ReadAsync()).Error!.Fault);
    }

    [Fact]
    public async Task A_fault_of_the_bank_is_told_from_one_of_Token()
    {
        _stage.Bank.On(Single(), ScriptedProvider.Status(500, ("token-external-error", "true")));
        Assert.Contains("at the bank", (await _stage.ReadAsync()).Error!.Message, StringComparison.Ordinal);
        _stage.Bank.On(Single(B), ScriptedProvider.Status(500));
        Assert.DoesNotContain("at the bank", (await _stage.ReadAsync(AccountOf(B))).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_key_ends_the_provider()
    {
        _stage.Bank.On(Single(), ScriptedProvider.Status(401));
        var readings = await _stage.ReadAsync([AccountOf(), AccountOf(B, consent: "other")]);
        Assert.All(readings, reading => Assert.Equal(ProviderFault.CredentialInvalid, reading.Error!.Fault));
        Assert.Single(_stage.Bank.Seen);

        _stage.Bank.On("GET /accounts", ScriptedProvider.Status(401));
        Assert.All(await _stage.ListAsync(), listing => Assert.Equal("credential_invalid", listing.Status));
        Assert.Equal(1, _stage.Bank.Count("GET /accounts"));
    }

    [Fact]
    public async Task A_consent_that_ended_ends_alone()
    {
        _stage.Bank.On(Bulk, ScriptedProvider.Status(403));
        _stage.Bank.On(Single(C), ScriptedProvider.Json(Element(C, Money("current", "1.00"))));
        var readings = await _stage.ReadAsync([AccountOf(A), AccountOf(B), AccountOf(C, consent: "other")]);
        Assert.Equal([ProviderFault.ReauthRequired, ProviderFault.ReauthRequired, null], readings.Select(reading => reading.Error?.Fault));

        _stage.Bank.On("GET /accounts", ScriptedProvider.Status(403), ScriptedProvider.Json("""{"accounts":[]}"""));
        Assert.Equal(["reauth_required", "active"], (await _stage.ListAsync()).Select(listing => listing.Status));
    }

    [Theory]
    [InlineData("600", 600)]
    [InlineData(null, 3600)]
    public async Task Too_many_calls_are_waited_for_and_never_retried(string? retryAfter, int seconds)
    {
        _stage.Bank.On(Bulk, ScriptedProvider.Status(429, retryAfter is null ? [] : [("Retry-After", retryAfter)]), ScriptedProvider.Json(Response(Good, Element(B, Money("current", "2.00")))));
        var now = _stage.Clock.GetUtcNow();
        var notBefore = now.AddSeconds(seconds);

        Assert.All((await _stage.ReadAsync(A, B)).Values, reading => Assert.Equal((ProviderFault.RateLimited, notBefore), (reading.Error!.Fault, reading.Error.NotBefore)));
        Assert.All((await _stage.ReadAsync(A, B)).Values, reading => Assert.Equal(notBefore, reading.Error!.NotBefore));
        Assert.Equal((1, now), (_stage.Bank.Seen.Count, _stage.Clock.GetUtcNow()));

        _stage.Clock.Advance(TimeSpan.FromSeconds(seconds));
        Assert.All((await _stage.ReadAsync(A, B)).Values, reading => Assert.NotNull(reading.Balance));
    }

    [Fact]
    public async Task A_fault_that_passes_is_tried_again_once()
    {
        _stage.Bank.On(Bulk, ScriptedProvider.Status(503), ScriptedProvider.Json(Response(Good, Element(B, Money("current", "2.00")))));
        Assert.All((await _stage.ReadAsync(A, B)).Values, reading => Assert.NotNull(reading.Balance));
        Assert.Equal((2, 2), (_stage.Budget.Spent(Key(A)), _stage.Budget.Spent(Key(B))));
    }

    [Fact]
    public async Task A_slow_body_is_given_up_after_its_time_and_tried_again_once()
    {
        _stage.Bank.On(Single(), ScriptedProvider.Slow, ScriptedProvider.Json(Good));
        var before = _stage.Clock.GetUtcNow();
        Assert.NotNull((await _stage.ReadAsync()).Balance);
        Assert.InRange(_stage.Clock.GetUtcNow() - before, TimeSpan.FromSeconds(31), TimeSpan.FromSeconds(58));

        _stage.Bank.On(Single(B), ScriptedProvider.Slow);
        Assert.Equal(ProviderFault.Transient, (await _stage.ReadAsync(AccountOf(B))).Error!.Fault);
        Assert.Equal((2, 2), (_stage.Bank.Count(Single(B)), _stage.Budget.Spent(Key(B))));
    }

    [Fact]
    public async Task A_call_that_reached_nobody_costs_nothing()
    {
        _stage.Bank.On(Bulk, ScriptedProvider.Unreachable);
        Assert.All((await _stage.ReadAsync(A, B)).Values, reading => Assert.Equal(ProviderFault.Transient, reading.Error!.Fault));
        Assert.Equal((2, 0, 0), (_stage.Bank.Count(Bulk), _stage.Budget.Spent(Key(A)), _stage.Budget.Spent(Key(B))));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        _stage.Bank.On(Single(), ScriptedProvider.Status(307, ("Location", "https://evil.example/")));
        Assert.Equal(ProviderFault.Protocol, (await _stage.ReadAsync()).Error!.Fault);
        Assert.Equal("localhost:9", Assert.Single(_stage.Bank.Seen).Url.Authority);
    }

    [Fact]
    public async Task A_body_without_end_is_given_up()
    {
        _stage.Bank.On(Single(), ScriptedProvider.Huge);
        Assert.Equal(ProviderFault.Protocol, (await _stage.ReadAsync()).Error!.Fault);
    }

    [Fact]
    public async Task Words_of_the_provider_do_not_repeat_the_key()
    {
        _stage.Bank.On(Single(), ScriptedProvider.Text("wrong: Basic bS0zanhoOmU1MWZjZDQ0", "text/plain", HttpStatusCode.BadRequest));
        Assert.DoesNotContain("bS0zanhoOmU1MWZjZDQ0", (await _stage.ReadAsync()).Error!.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Unusable => new(
        "<html>maintenance</html>",
        Good[..^10],
        "",
        "null",
        "[]",
        """{"error":{"errorCode":"PermissionDenied","message":"no"},"status":"SUCCESSFUL_REQUEST"}""",
        """{"status":"SUCCESSFUL_REQUEST"}""",
        """{"balance":null,"status":"SUCCESSFUL_REQUEST"}""",
        """{"balance":[],"status":"SUCCESSFUL_REQUEST"}""",
        """{"balance":{},"status":"SUCCESSFUL_REQUEST"}""",
        Element(A, Money("current", "1.00"), "NEW_STATUS"),
        Element(B, Money("current", "1.00")),
        Element(A, Money("current", "")),
        Element(A, Money("current", "1 234.56")),
        Element(A, Money("current", "1.234,56")),
        Element(A, Money("current", "1e3")),
        Element(A, Money("current", "--1")),
        Element(A, Money("current", "−1")),
        Element(A, Money("current", "12345678901234567890123456789")),
        Element(A, Money("current", "1.00", "")),
        Element(A, Money("current", "1.00", "gbp")),
        Element(A, """ "current":"1.00" """),
        Element(A, """ "current":{"currency":"GBP"} """),
        Element(A, """ "current":{"currency":"GBP","value":true} """),
        Element(A, Money("current", "1.00") + ",\"otherBalances\":{}"),
        Element(A, Money("current", "1.00") + ",\"otherBalances\":[{\"type\":\"x\"}]"),
        Element(A, Money("current", "1.00") + ",\"otherBalances\":[{\"type\":\"x\",\"amount\":{\"currency\":\"GBP\",\"value\":\"1,0\"}}]"));

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task A_body_that_cannot_be_relied_on_fails_its_account_only(string body)
    {
        _stage.Bank.On(Single(B), ScriptedProvider.Json(Element(B, Money("current", "1.00"))));
        _stage.Bank.On(Single(), ScriptedProvider.Json(body));
        var readings = await _stage.ReadAsync([AccountOf(), AccountOf(B, consent: "other")]);
        Assert.Equal(ProviderFault.Protocol, readings[0].Error!.Fault);
        Assert.Equal(1, _stage.Bank.Count(Single()));
        Assert.NotNull(readings[1].Balance);
    }
}
