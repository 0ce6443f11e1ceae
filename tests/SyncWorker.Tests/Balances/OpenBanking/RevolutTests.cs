using System.Globalization;
using System.Net;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Tests.Balances.OpenBanking.Support;
using static Redbark.Sync.Worker.Tests.Balances.OpenBanking.Support.RevolutStage;

namespace Redbark.Sync.Worker.Tests.Balances.OpenBanking;

/// <summary>Revolut's calls, tokens and accounts (open-banking-balances 2.2 to 2.6).</summary>
public sealed class RevolutTests : IDisposable
{
    private const string AccountsBody = """
        {"Data":{"Account":[
          {"AccountId":"d3779729-6f0a-4b0e-bb43-fb5159b7c166","Currency":"GBP","AccountType":"Personal","AccountSubType":"CurrentAccount","Nickname":"Everyday",
           "Account":[{"SchemeName":"UK.OBIE.IBAN","Identification":"GB95REVO00997053872360","Name":"John Smith"}]},
          {"AccountId":"be2249e6-1c2b-4c1f-b9d1-0242ac120002","Currency":"BTC","AccountType":"Personal","AccountSubType":"Savings"},
          {"Currency":"EUR"}]},
         "Links":{"Self":"http://localhost:9/accounts"},"Meta":{"TotalPages":1}}
        """;

    private readonly RevolutStage _stage = new("main", "other");

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task A_read_sends_the_headers_of_an_unattended_call_and_no_others()
    {
        await _stage.ReadBodyAsync(BalancesBody(Balance("InterimAvailable", "Credit", "1.00")));

        var call = _stage.Bank.Seen.Single(request => request.Call == BalancesCall());
        Assert.Equal(["Accept", "Authorization", "x-fapi-financial-id", "x-fapi-interaction-id"], call.Headers.Keys.Order(StringComparer.OrdinalIgnoreCase));
        Assert.Equal("Bearer at-1", call.Headers["Authorization"]);
        Assert.Equal("001580000103UAvAAM", call.Headers["x-fapi-financial-id"]);
        Assert.True(Guid.TryParse(call.Headers["x-fapi-interaction-id"], out _));
        var token = _stage.Bank.Seen.Single(request => request.Call == "POST /token");
        Assert.Equal("grant_type=refresh_token&refresh_token=refresh-main&client_id=client-1", token.Body);
    }

    [Fact]
    public async Task One_token_serves_until_five_minutes_before_its_end()
    {
        await _stage.ReadBodyAsync(BalancesBody(Balance("InterimAvailable", "Credit", "1.00")));
        _stage.Clock.Advance(TimeSpan.FromMinutes(54));
        await _stage.ReadAsync();
        Assert.Equal(1, _stage.Bank.Count("POST /token"));

        _stage.Clock.Advance(TimeSpan.FromMinutes(1));
        await _stage.ReadAsync();
        Assert.Equal(2, _stage.Bank.Count("POST /token"));
    }

    [Fact]
    public async Task A_rotated_refresh_token_is_kept_and_used_next()
    {
        _stage.Bank.On("POST /token",
            ScriptedProvider.Json("""{"access_token":"at-1","expires_in":3599,"refresh_token":"refresh-2","refresh_token_expires_at":1786649743}"""),
            ScriptedProvider.Json("""{"access_token":"at-2","expires_in":"3599","refresh_token_expires_at":"2076-08-04T10:00:00Z"}"""));
        await _stage.ReadBodyAsync(BalancesBody(Balance("InterimAvailable", "Credit", "1.00")));
        Assert.Equal("refresh-2", _stage.RefreshTokens.Stored["revolut/main"]);

        _stage.Clock.Advance(TimeSpan.FromHours(1));
        Assert.NotNull((await _stage.ReadAsync()).Balance);
        Assert.Contains("refresh_token=refresh-2&", _stage.Bank.Seen.Last(request => request.Call == "POST /token").Body, StringComparison.Ordinal);
        Assert.Equal("refresh-2", _stage.RefreshTokens.Stored["revolut/main"]);
    }

    [Fact]
    public async Task A_refused_token_is_renewed_once_and_the_call_repeated()
    {
        _stage.Bank.On("POST /token", ScriptedProvider.Json(Token), ScriptedProvider.Json("""{"access_token":"at-2","expires_in":3599}"""));
        _stage.Bank.On(BalancesCall(), ScriptedProvider.Status(401), ScriptedProvider.Json(BalancesBody(Balance("InterimAvailable", "Credit", "1.00"))));

        Assert.NotNull((await _stage.ReadAsync()).Balance);

        Assert.Equal(["Bearer at-1", "Bearer at-2"], _stage.Bank.Seen.Where(request => request.Call == BalancesCall()).Select(request => request.Headers["Authorization"]));
        Assert.Equal(2, _stage.Budget.Spent(Key()));
    }

    [Theory]
    [InlineData("Access token is invalid or expired", ProviderFault.ReauthRequired)]
    [InlineData("Consent has no permissions", ProviderFault.PermissionMissing)]
    public async Task A_second_401_says_what_the_matter_is_and_ends_the_consent_only(string message, object fault)
    {
        foreach (var account in new[] { Account, "second" })
        {
            _stage.Bank.On(BalancesCall(account), ScriptedProvider.Json(
                $$"""{"Code":"401 Unauthorized","Message":"{{message}}","Id":"6f1c","Errors":[{"ErrorCode":"UK.OBIE.Resource.Unauthorized","Message":"{{message}}"}]}""", HttpStatusCode.Unauthorized));
        }

        _stage.Bank.On(BalancesCall("elsewhere"), ScriptedProvider.Json(BalancesBody(Balance("InterimAvailable", "Credit", "1.00", account: "elsewhere"))));
        var readings = await _stage.ReadAsync([AccountOf(), AccountOf("second"), AccountOf("elsewhere", consent: "other")]);

        Assert.Equal([fault, fault, null], readings.Select(reading => (object?)reading.Error?.Fault));
        Assert.Equal(0, _stage.Bank.Count(BalancesCall("second")));
        Assert.Equal("UK.OBIE.Resource.Unauthorized", readings[0].Error!.Code);
        var lastId = _stage.Bank.Seen.Last(request => request.Call == BalancesCall()).Headers["x-fapi-interaction-id"];
        Assert.Contains(lastId, readings[0].Error!.Message, StringComparison.Ordinal);
        Assert.Contains(message, readings[0].Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invalid_grant_ends_its_consent_only_and_costs_no_call()
    {
        _stage.Bank.On("POST /token",
            ScriptedProvider.Json("""{"error":"invalid_grant","error_description":"The refresh token is revoked"}""", HttpStatusCode.BadRequest),
            ScriptedProvider.Json(Token));
        _stage.Bank.On(BalancesCall("elsewhere"), ScriptedProvider.Json(BalancesBody(Balance("InterimAvailable", "Credit", "1.00", account: "elsewhere"))));

        var readings = await _stage.ReadAsync([AccountOf(), AccountOf("second"), AccountOf("elsewhere", consent: "other")]);

        Assert.Equal([ProviderFault.ReauthRequired, ProviderFault.ReauthRequired, null], readings.Select(reading => reading.Error?.Fault));
        Assert.Equal("invalid_grant", readings[0].Error!.Code);
        Assert.Equal(0, _stage.Budget.Spent(Key()));
        Assert.Equal(2, _stage.Bank.Count("POST /token"));
    }

    [Fact]
    public async Task Invalid_client_ends_the_provider()
    {
        _stage.Bank.On("POST /token", ScriptedProvider.Json("""{"error":"invalid_client"}""", HttpStatusCode.Unauthorized));
        var readings = await _stage.ReadAsync([AccountOf(), AccountOf("elsewhere", consent: "other")]);
        Assert.All(readings, reading => Assert.Equal(ProviderFault.CredentialInvalid, reading.Error!.Fault));
        Assert.Equal(1, _stage.Bank.Count("POST /token"));

        _stage.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.All(await _stage.ListAsync(), listing => Assert.Equal("credential_invalid", listing.Status));
    }

    [Theory]
    [InlineData("""{"token_type":"Bearer"}""")]
    [InlineData("""{"access_token":"with space"}""")]
    [InlineData("""{"access_token":null}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("<html>")]
    public async Task A_token_answer_without_a_usable_token_is_a_protocol_error(string body)
    {
        _stage.Bank.On("POST /token", ScriptedProvider.Json(body));
        Assert.Equal(ProviderFault.Protocol, (await _stage.ReadAsync()).Error!.Fault);
    }

    [Fact]
    public async Task A_token_that_cannot_be_had_is_not_waited_for_by_every_account()
    {
        _stage.Bank.On("POST /token", ScriptedProvider.Slow);
        var readings = await _stage.ReadAsync([AccountOf(), AccountOf("second"), AccountOf("third")]);
        Assert.All(readings, reading => Assert.Equal(ProviderFault.Transient, reading.Error!.Fault));
        Assert.Equal(1, _stage.Bank.Count("POST /token"));
        Assert.Equal(0, _stage.Budget.Spent(Key()));

        _stage.Bank.On("POST /token", ScriptedProvider.Status(503), ScriptedProvider.Json(Token));
        _stage.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull((await _stage.ReadBodyAsync(BalancesBody(Balance("InterimAvailable", "Credit", "1.00")))).Balance);
    }

    [Fact]
    public async Task Too_many_token_calls_hold_the_whole_consent()
    {
        _stage.Bank.On("POST /token", ScriptedProvider.Status(429, ("Retry-After", "600")));
        var reading = await _stage.ReadAsync();
        Assert.Equal((ProviderFault.RateLimited, _stage.Clock.GetUtcNow().AddSeconds(600)), (reading.Error!.Fault, reading.Error.NotBefore));
        await _stage.ReadAsync(AccountOf("second"));
        Assert.Equal(1, _stage.Bank.Count("POST /token"));
    }

    [Fact]
    public async Task Accounts_are_listed_for_each_consent_by_itself()
    {
        _stage.Bank.On("GET /accounts", ScriptedProvider.Json(AccountsBody), ScriptedProvider.Json("""{"Data":{},"Links":{},"Meta":{}}"""));
        var listings = await _stage.ListAsync();

        Assert.Equal(
        [
            new ProviderAccount("revolut", "main", Account, "Everyday", "CurrentAccount", "GBP"),
            new ProviderAccount("revolut", "main", "be2249e6-1c2b-4c1f-b9d1-0242ac120002", null, "Savings", "BTC"),
        ], listings[0].Accounts);
        Assert.Equal(("other", "active", null), (listings[1].ConnectionId, listings[1].Status, listings[1].Error));
        Assert.Empty(listings[1].Accounts);
        Assert.DoesNotContain(_stage.Bank.Seen, request => request.Call.StartsWith("GET /accounts/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"2026-12-24T10:00:00Z\"", "2026-12-24T10:00:00Z")]
    [InlineData("1798106400", "2026-12-24T10:00:00Z")]
    [InlineData("1798106400000", "2026-12-24T10:00:00Z")]
    [InlineData("\"2026-12-24\"", "2026-12-24T00:00:00Z")]
    [InlineData("\"2076-08-04T10:00:00Z\"", "2027-01-31T00:00:00Z")] // Later than what the settings say.
    [InlineData("null", "2027-01-31T00:00:00Z")]
    [InlineData("\"never\"", "2027-01-31T00:00:00Z")]
    [InlineData("{}", "2027-01-31T00:00:00Z")]
    public async Task The_end_of_a_consent_is_told_in_any_form_and_by_the_settings(string told, string ends)
    {
        using var stage = new RevolutStage(("Revolut:Consents:main:EndsAt", "2027-01-31"));
        stage.Bank.On("POST /token", ScriptedProvider.Json($$"""{"access_token":"at-1","expires_in":3599,"refresh_token_expires_at":{{told}}}"""));
        stage.Bank.On("GET /accounts", ScriptedProvider.Json(AccountsBody));
        var listing = Assert.Single(await stage.ListAsync());
        Assert.Equal(("active", DateTimeOffset.Parse(ends, CultureInfo.InvariantCulture)), (listing.Status, listing.ConsentEndsAt));
    }

    [Fact]
    public async Task A_consent_whose_end_nobody_tells_has_none()
    {
        _stage.Bank.On("GET /accounts", ScriptedProvider.Json(AccountsBody));
        Assert.All(await _stage.ListAsync(), listing => Assert.Null(listing.ConsentEndsAt));
    }

    [Fact]
    public async Task Pages_of_accounts_are_followed_at_the_same_host_and_count_once()
    {
        _stage.Bank.On("GET /accounts",
            ScriptedProvider.Json("""{"Data":{"Account":[{"AccountId":"one"}]},"Links":{"Next":"http://localhost:9/accounts?page=2"}}"""),
            ScriptedProvider.Json("""{"Data":{"Account":[{"AccountId":"two"},{"AccountId":"one"}]},"Links":{}}"""),
            ScriptedProvider.Json("""{"Data":{}}"""));
        var listing = (await _stage.ListAsync())[0];
        Assert.Equal(["one", "two"], listing.Accounts.Select(account => account.ExternalId));
        Assert.Equal("?page=2", _stage.Bank.Seen.Where(request => request.Call == "GET /accounts").ElementAt(1).Url.Query);
        Assert.Equal(1, _stage.Budget.Spent(new CallKey("revolut", "main", "", "accounts")));
    }

    [Theory]
    [InlineData("http://localhost:9/accounts")]
    [InlineData("http://localhost:10/accounts?page=2")]
    [InlineData("http://evil.example/accounts?page=2")]
    [InlineData("http://localhost:9@evil.example/accounts?page=2")]
    [InlineData("//evil.example/accounts")]
    public async Task A_page_that_comes_round_or_lies_elsewhere_is_an_error_of_the_consent(string next)
    {
        _stage.Bank.On("GET /accounts", ScriptedProvider.Json($$"""{"Data":{"Account":[{"AccountId":"one"}]},"Links":{"Next":"{{next}}"} }"""), ScriptedProvider.Json("""{"Data":{}}"""));
        var listings = await _stage.ListAsync();
        Assert.Equal(ProviderFault.Protocol, listings[0].Error!.Fault);
        Assert.Null(listings[1].Error);
        Assert.All(_stage.Bank.Seen, request => Assert.Equal("localhost:9", request.Url.Authority));
    }

    [Fact]
    public async Task Polls_use_three_calls_in_24_hours_and_leave_the_fourth_for_a_retry()
    {
        _stage.Bank.On(BalancesCall(), ScriptedProvider.Json(BalancesBody(Balance("InterimAvailable", "Credit", "1.00"))));
        var first = _stage.Clock.GetUtcNow();
        for (var poll = 0; poll < 3; poll++)
            Assert.NotNull((await _stage.ReadAsync()).Balance);

        var refused = (await _stage.ReadAsync()).Error!;
        Assert.Equal((ProviderFault.RateLimited, first.AddHours(24), false), (refused.Fault, refused.NotBefore, refused.ReachedProvider));
        Assert.Equal(3, _stage.Bank.Count(BalancesCall()));
        // Another account has its own four.
        _stage.Bank.On(BalancesCall("second"), ScriptedProvider.Json(BalancesBody(Balance("InterimAvailable", "Credit", "1.00", account: "second"))));
        Assert.NotNull((await _stage.ReadAsync(AccountOf("second"))).Balance);

        _stage.Clock.Advance(TimeSpan.FromHours(24));
        Assert.NotNull((await _stage.ReadAsync()).Balance);
    }

    [Fact]
    public async Task The_fourth_call_is_a_retrys()
    {
        var good = ScriptedProvider.Json(BalancesBody(Balance("InterimAvailable", "Credit", "1.00")));
        _stage.Bank.On(BalancesCall(), good, good, ScriptedProvider.Status(500), good);
        for (var poll = 0; poll < 3; poll++)
            Assert.NotNull((await _stage.ReadAsync()).Balance);
        Assert.Equal(4, _stage.Budget.Spent(Key()));
    }

    [Fact]
    public async Task A_retry_without_budget_is_not_made_and_the_first_fault_is_told()
    {
        _stage.Bank.On(BalancesCall(), ScriptedProvider.Status(500));
        Assert.Equal(ProviderFault.Transient, (await _stage.ReadAsync()).Error!.Fault);
        Assert.Equal(2, _stage.Budget.Spent(Key()));
        Assert.Equal(ProviderFault.Transient, (await _stage.ReadAsync()).Error!.Fault);
        Assert.Equal(4, _stage.Budget.Spent(Key()));
        Assert.Equal(ProviderFault.RateLimited, (await _stage.ReadAsync()).Error!.Fault);
        Assert.Equal(4, _stage.Bank.Count(BalancesCall()));
    }

    [Fact]
    public async Task An_account_of_no_configured_consent_is_an_error_of_its_own()
    {
        _stage.Bank.On(BalancesCall(), ScriptedProvider.Json(BalancesBody(Balance("InterimAvailable", "Credit", "1.00"))));
        var readings = await _stage.ReadAsync([AccountOf("x", consent: "gone"), AccountOf()]);
        Assert.Equal([ProviderFault.BadRequest, null], readings.Select(reading => reading.Error?.Fault));
    }

    [Fact]
    public async Task An_id_cannot_lead_a_call_elsewhere()
    {
        _stage.Bank.On("GET /accounts/../x?y#z/balances", ScriptedProvider.Status(400));
        Assert.Equal(ProviderFault.BadRequest, (await _stage.ReadAsync(AccountOf("../x?y#z"))).Error!.Fault);
        Assert.Equal("http://localhost:9/accounts/..%2Fx%3Fy%23z/balances", _stage.Bank.Seen[^1].Url.AbsoluteUri);
    }
}
