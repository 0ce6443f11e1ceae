using System.Net;
using System.Text.Json;
using Redbark.Sync.Simulator.OpenBanking;
using Redbark.Sync.Simulator.OpenBanking.Revolut;

namespace Redbark.Sync.Simulator.Tests.OpenBanking;

public sealed class RevolutCallTests
{
    private const string Interaction = "93bac548-d2de-4546-b106-880a5018460d";

    [Fact]
    public async Task The_financial_id_must_be_there_and_right()
    {
        await using var stage = await RevolutStage.SetAsync();
        var token = await stage.UserTokenAsync();

        RevolutStage.AssertEnvelope(HttpStatusCode.BadRequest, "UK.OBIE.Header.Missing", await stage.BalancesAsync(token, null, ("x-fapi-financial-id", null)));
        var wrong = await stage.BalancesAsync(token, null, ("x-fapi-financial-id", "other"));
        Assert.Equal((HttpStatusCode.Forbidden, "Incorrect 'x-fapi-financial-id' value"), (wrong.Status, (string)wrong.Json["Message"]!));
    }

    [Fact]
    public async Task The_interaction_id_comes_back_or_is_made_whatever_the_answer()
    {
        await using var stage = await RevolutStage.SetAsync();
        var token = await stage.UserTokenAsync();
        stage.Faults.Next.Add(RevolutFailure.BadGateway, endpoint: "accounts");

        Assert.Equal(Interaction, (await stage.BalancesAsync(token, null, ("x-fapi-interaction-id", Interaction))).Header("x-fapi-interaction-id"));
        Assert.Equal(Interaction, (await stage.BalancesAsync("other", null, ("x-fapi-interaction-id", Interaction))).Header("x-fapi-interaction-id"));
        Assert.Equal(Interaction, (await stage.GetAsync("/accounts", token, ("x-fapi-interaction-id", Interaction))).Header("x-fapi-interaction-id"));
        Assert.True(Guid.TryParse((await stage.BalancesAsync(token)).Header("x-fapi-interaction-id"), out _));
        Assert.True(Guid.TryParse((await stage.BalancesAsync("other")).Header("x-fapi-interaction-id"), out _));
    }

    [Fact]
    public async Task Only_json_is_offered_only_get_is_understood_and_there_is_no_bulk()
    {
        await using var stage = await RevolutStage.SetAsync();
        var token = await stage.UserTokenAsync();

        Assert.Equal(HttpStatusCode.NotAcceptable, (await stage.BalancesAsync(token, null, ("Accept", "text/html"))).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await stage.SendAsync(HttpMethod.Post, "/accounts", token)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await stage.GetAsync("/balances", token)).Status);
    }

    [Fact]
    public async Task The_fifth_call_of_a_day_is_throttled_without_a_body()
    {
        await using var stage = await RevolutStage.SetAsync();
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await stage.BalancesAsync(await stage.UserTokenAsync())).Status);
            stage.Clock.Advance(TimeSpan.FromHours(1));
        }

        var token = await stage.UserTokenAsync();
        var fifth = await stage.BalancesAsync(token);
        var present = await stage.BalancesAsync(token, null, ("x-fapi-customer-ip-address", "203.0.113.7"));
        var other = await stage.BalancesAsync(token, stage.Revolut.Accounts[1]);
        var list = await stage.GetAsync("/accounts", token);

        Assert.Equal((HttpStatusCode.TooManyRequests, "72000", ""), (fifth.Status, fifth.Header("Retry-After"), fifth.Body));
        Assert.All([present, other, list], answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        stage.Clock.Advance(TimeSpan.FromHours(20));
        token = await stage.UserTokenAsync();
        Assert.Equal(HttpStatusCode.OK, (await stage.BalancesAsync(token)).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await stage.BalancesAsync(token)).Status);
    }

    [Fact]
    public async Task Each_consent_has_its_own_calls_and_a_fresh_one_is_free()
    {
        var grants = new[] { new RevolutGrant(), new RevolutGrant { ConsentId = "c2", RefreshToken = "r2", GivenBefore = TimeSpan.Zero } };
        await using var stage = await RevolutStage.SetAsync(RevolutStage.AllAccounts with { Grants = grants, MostUnattended = 1 });
        var (old, fresh) = (await stage.UserTokenAsync(), (string)(await stage.RefreshAsync("r2")).Json["access_token"]!);

        Assert.Equal(HttpStatusCode.OK, (await stage.BalancesAsync(old)).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await stage.BalancesAsync(old)).Status);
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await stage.BalancesAsync(fresh)).Status);
        stage.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.OK, (await stage.BalancesAsync(fresh)).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await stage.BalancesAsync(fresh)).Status);
    }

    [Fact]
    public async Task Calls_are_counted_by_endpoint_account_and_consent_refused_ones_too()
    {
        await using var stage = await RevolutStage.SetAsync();
        var token = await stage.UserTokenAsync();

        await stage.BalancesAsync(token);
        await stage.BalancesAsync(token, null, ("x-fapi-financial-id", null));
        await stage.BalancesAsync(token, stage.Revolut.Accounts[1]);
        await stage.BalancesAsync("other");

        var calls = stage.Revolut.Calls;
        Assert.Equal((1, 4, 2), (calls.Of("token"), calls.Of("balances"), calls.Of("balances", stage.Everyday.Id, stage.ConsentId)));
        Assert.Equal(1, calls.All[new CallKind("balances", stage.Everyday.Id, "")]);
    }

    [Theory]
    [InlineData(RevolutFailure.ServerError, 500, "UK.OBIE.UnexpectedError")]
    [InlineData(RevolutFailure.Unauthorized, 401, "UK.OBIE.Resource.Unauthorized")]
    [InlineData(RevolutFailure.Reauthenticate, 403, "UK.OBIE.Reauthenticate")]
    public async Task The_next_calls_can_fail_with_the_envelope(RevolutFailure failure, int status, string code)
    {
        await using var stage = await RevolutStage.SetAsync();
        var token = await stage.UserTokenAsync();
        stage.Faults.Next.Add(failure, calls: 2, endpoint: "balances");

        Assert.Equal(HttpStatusCode.OK, (await stage.GetAsync("/accounts", token)).Status);
        RevolutStage.AssertEnvelope((HttpStatusCode)status, code, await stage.BalancesAsync(token));
        RevolutStage.AssertEnvelope((HttpStatusCode)status, code, await stage.BalancesAsync(token));
        Assert.Equal(HttpStatusCode.OK, (await stage.BalancesAsync(token)).Status);
    }

    [Fact]
    public async Task The_next_calls_can_fail_outside_the_envelope()
    {
        await using var stage = await RevolutStage.SetAsync();
        var token = await stage.UserTokenAsync();
        stage.Faults.Next.Add(RevolutFailure.BadGateway);
        stage.Faults.Next.Add(RevolutFailure.LowerCaseForbidden);
        stage.Faults.Next.Add(RevolutFailure.Throttled);

        var gateway = await stage.BalancesAsync(token);
        var forbidden = await stage.BalancesAsync(token);
        var throttled = await stage.BalancesAsync(token);

        Assert.Equal((HttpStatusCode.BadGateway, "text/html"), (gateway.Status, gateway.Type!.MediaType));
        Assert.Equal((HttpStatusCode.Forbidden, """{"code":"403","message":"Forbidden"}"""), (forbidden.Status, forbidden.Body));
        Assert.Equal((HttpStatusCode.TooManyRequests, "60", ""), (throttled.Status, throttled.Header("Retry-After"), throttled.Body));
    }

    [Fact]
    public async Task An_answer_can_be_truncated_reset_or_slow()
    {
        await using var stage = await RevolutStage.SetAsync();
        var token = await stage.UserTokenAsync();
        var open = new TaskCompletionSource();
        stage.Faults.Slowness = _ => open.Task;
        stage.Faults.Next.Add(RevolutFailure.Truncated);
        stage.Faults.Next.Add(RevolutFailure.Reset);
        stage.Faults.Next.Add(RevolutFailure.Slow);

        var truncated = await stage.BalancesAsync(token);
        await Assert.ThrowsAsync<HttpRequestException>(() => stage.BalancesAsync(token));
        var slow = stage.BalancesAsync(token);
        Assert.NotSame(slow, await Task.WhenAny(slow, Task.Delay(100, TestContext.Current.CancellationToken)));
        open.SetResult();

        Assert.Equal(HttpStatusCode.OK, truncated.Status);
        Assert.ThrowsAny<JsonException>(() => truncated.Json);
        Assert.Equal(JsonShape.Of(Examples.RevolutBalances), JsonShape.Of((await slow).Body));
    }

    [Fact]
    public async Task Access_tokens_can_expire_at_once_and_401_be_empty()
    {
        await using var stage = await RevolutStage.SetAsync();
        var token = await stage.UserTokenAsync();
        stage.Faults.EmptyUnauthorized = true;
        stage.Revolut.ExpireAccessTokens();

        var heard = await stage.BalancesAsync(token);

        Assert.Equal((HttpStatusCode.Unauthorized, ""), (heard.Status, heard.Body));
    }
}
