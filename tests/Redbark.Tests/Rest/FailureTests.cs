using System.Net;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Wire.Rest;

namespace Redbark.Sync.Wire.Tests.Rest;

public sealed class FailureTests
{
    private const string Envelope = """{"error":{"message":"Connection not found or does not belong to this user","code":"not_found","details":[]}}""";

    [Theory]
    [InlineData(400, ProviderFault.BadRequest)]
    [InlineData(401, ProviderFault.CredentialInvalid)]
    [InlineData(403, ProviderFault.PermissionMissing)]
    [InlineData(404, ProviderFault.AccountGone)]
    [InlineData(410, ProviderFault.BadRequest)]
    [InlineData(302, ProviderFault.Protocol)]
    public async Task Each_status_means_one_thing_and_is_not_asked_again(int status, ProviderFault fault)
    {
        using var redbark = new ScriptedRedbark();
        redbark.Http.Then(Envelope, (HttpStatusCode)status, ("Location", "https://elsewhere.test/v1/connections"));

        var error = await redbark.FailsAsync(redbark.Client.ReadConnectionsAsync(default));

        Assert.Equal((fault, status), (error.Fault, (int)error.Status!));
        Assert.Equal("api.redbark.test", redbark.Http.Asked.Single().Target.Host);
    }

    [Theory]
    [InlineData("""{"error":{"message":"No","code":"professional_required","details":["x"],"\ud800":1}}""", "professional_required", "/v1/connections was answered 403 (professional_required): No")]
    [InlineData("""{"error":{"message":"No"}}""", null, "/v1/connections was answered 403: No")]
    [InlineData("""{"error":{"code":"c"}}""", "c", "/v1/connections was answered 403 (c)")]
    [InlineData("""{"error":"No"}""", null, "/v1/connections was answered 403: No")]
    [InlineData("""{"error":null}""", null, "/v1/connections was answered 403")]
    [InlineData("[]", null, "/v1/connections was answered 403")]
    [InlineData("", null, "/v1/connections was answered 403")]
    [InlineData("""{"error":{"mess""", null, "/v1/connections was answered 403: 15 bytes that are not JSON")]
    [InlineData("<html>Forbidden</html>", null, "/v1/connections was answered 403: 22 bytes that are not JSON")]
    [InlineData("""{"error":{"message":"two\nlines and rbk_live_0123456789abcdef"}}""", null, "/v1/connections was answered 403: two lines and …")]
    public async Task Of_the_error_envelope_everything_is_optional(string body, string? code, string message)
    {
        using var redbark = new ScriptedRedbark();
        redbark.Http.Then(body, HttpStatusCode.Forbidden);

        var error = await redbark.FailsAsync(redbark.Client.ReadConnectionsAsync(default));

        Assert.Equal((code, message), (error.Code, error.Message));
    }

    [Theory]
    [InlineData("<html>maintenance</html>")]
    [InlineData("""{"data":[{"id":""")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{"data":null}""")]
    [InlineData("""{"data":{"id":1}}""")]
    [InlineData("""{"rows":[]}""")]
    public async Task Two_hundred_without_a_list_is_an_error(string body)
    {
        using var redbark = new ScriptedRedbark();
        redbark.Http.Then(body);
        Assert.Equal(ProviderFault.Protocol, (await redbark.FailsAsync(redbark.Client.ReadConnectionsAsync(default))).Fault);
        Assert.Single(redbark.Http.Asked);
    }

    [Fact]
    public async Task Two_hundred_with_an_error_inside_is_an_error()
    {
        using var redbark = new ScriptedRedbark();
        redbark.Http.Then(Envelope);

        var error = await redbark.FailsAsync(redbark.Client.ReadConnectionsAsync(default));

        Assert.Equal((ProviderFault.Protocol, "not_found"), (error.Fault, error.Code));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task Five_hundreds_are_asked_three_times_with_growing_waits(int status)
    {
        using var redbark = new ScriptedRedbark();
        redbark.Http.Otherwise = _ => ScriptedHttp.Answer("<html>oops</html>", (HttpStatusCode)status);

        var error = await redbark.FailsAsync(redbark.Client.ReadConnectionsAsync(default));

        Assert.Equal((ProviderFault.Transient, status), (error.Fault, (int)error.Status!));
        Assert.Equal(3, redbark.Http.Asked.Count);
        Assert.True(redbark.Http.Asked[1].At > redbark.Http.Asked[0].At && redbark.Http.Asked[2].At > redbark.Http.Asked[1].At);
    }

    [Fact]
    public async Task Five_hundred_then_two_hundred_is_an_answer()
    {
        using var redbark = new ScriptedRedbark();
        redbark.Http.Then("", HttpStatusCode.InternalServerError).Then("""{"data":[{"id":"c1","status":"active"}]}""");
        Assert.Equal("c1", (await redbark.PassAsync(redbark.Client.ReadConnectionsAsync(default))).Rows.Single().Id);
    }

    [Fact]
    public async Task Four_hundred_and_ninety_nine_is_asked_once_more()
    {
        using var redbark = new ScriptedRedbark();
        redbark.Http.Otherwise = _ => ScriptedHttp.Answer("", (HttpStatusCode)499);
        Assert.Equal(ProviderFault.Transient, (await redbark.FailsAsync(redbark.Client.ReadConnectionsAsync(default))).Fault);
        Assert.Equal(2, redbark.Http.Asked.Count);
    }

    [Fact]
    public async Task A_slow_answer_is_given_up_and_asked_for_again()
    {
        using var redbark = new ScriptedRedbark(timeout: TimeSpan.FromSeconds(30));
        var start = redbark.Clock.GetUtcNow();
        redbark.Http.Then(Never).Then(Never).Then(Never);

        var error = await redbark.FailsAsync(redbark.Client.ReadConnectionsAsync(default));

        Assert.Equal((ProviderFault.Transient, 3), (error.Fault, redbark.Http.Asked.Count));
        Assert.True(redbark.Http.Asked[2].At - start >= TimeSpan.FromSeconds(60));

        static async Task<HttpResponseMessage> Never(ScriptedHttp.Ask ask, CancellationToken cancellation)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            throw new InvalidOperationException();
        }
    }

    [Fact]
    public async Task A_connection_that_breaks_is_asked_again()
    {
        using var redbark = new ScriptedRedbark();
        redbark.Http.Then((_, _) => throw new HttpRequestException(HttpRequestError.ConnectionError)).Then("""{"data":[]}""");
        Assert.Empty((await redbark.PassAsync(redbark.Client.ReadConnectionsAsync(default))).Rows);
    }

    [Fact]
    public async Task Cancelling_ends_the_waits()
    {
        using var redbark = new ScriptedRedbark();
        using var cancel = new CancellationTokenSource();
        redbark.Http.Otherwise = _ => ScriptedHttp.Answer("", HttpStatusCode.BadGateway);
        var read = redbark.Client.ReadConnectionsAsync(cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    [Fact]
    public async Task Too_many_calls_with_a_short_wait_is_waited_out()
    {
        using var redbark = new ScriptedRedbark();
        redbark.Http.Then("", HttpStatusCode.TooManyRequests, ("Retry-After", "40")).Then("""{"data":[]}""");

        await redbark.PassAsync(redbark.Client.ReadConnectionsAsync(default));

        Assert.True(redbark.Http.Asked[1].At - redbark.Http.Asked[0].At >= TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task Too_many_calls_with_a_long_wait_ends_the_read_and_further_ones_without_a_call()
    {
        using var redbark = new ScriptedRedbark();
        var until = redbark.Clock.GetUtcNow().AddHours(1);
        redbark.Http.Then(Envelope, HttpStatusCode.TooManyRequests, ("Retry-After", "3600")).Then("""{"data":[]}""");

        var first = await redbark.FailsAsync(redbark.Client.ReadConnectionsAsync(default));
        var second = await Assert.ThrowsAsync<ProviderException>(() => redbark.Client.ReadConnectionsAsync(default));
        Assert.Equal((ProviderFault.RateLimited, ProviderFault.RateLimited), (first.Fault, second.Fault));
        Assert.Equal((until, until), (first.NotBefore, second.NotBefore));
        Assert.Equal((true, false), (first.ReachedProvider, second.ReachedProvider));
        Assert.Single(redbark.Http.Asked);

        redbark.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty((await redbark.Client.ReadConnectionsAsync(default)).Rows);
    }

    [Fact]
    public async Task Too_many_calls_for_ever_is_an_error_after_three()
    {
        using var redbark = new ScriptedRedbark();
        redbark.Http.Otherwise = _ => ScriptedHttp.Answer("", HttpStatusCode.TooManyRequests);

        var error = await redbark.FailsAsync(redbark.Client.ReadConnectionsAsync(default));

        Assert.Equal((ProviderFault.RateLimited, 3), (error.Fault, redbark.Http.Asked.Count));
        Assert.Equal(redbark.Http.Asked[2].At.AddMinutes(1), error.NotBefore);
    }

    [Fact]
    public async Task A_tier_never_makes_more_calls_a_minute_than_it_may()
    {
        using var redbark = new ScriptedRedbark(perMinute: 5);
        redbark.Http.Otherwise = _ => ScriptedHttp.Answer("""{"data":[]}""");

        await redbark.PassAsync(Task.WhenAll(Enumerable.Range(0, 17).Select(_ => redbark.Client.ReadConnectionsAsync(default))));

        var asked = redbark.Http.Asked.Select(ask => ask.At).Order().ToList();
        Assert.Equal(17, asked.Count);
        Assert.All(Enumerable.Range(0, asked.Count - 5), i => Assert.True(asked[i + 5] - asked[i] >= TimeSpan.FromMinutes(1)));
        Assert.True(asked[^1] - asked[0] < TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task No_call_is_made_where_the_answer_before_says_that_none_is_left()
    {
        using var redbark = new ScriptedRedbark();
        redbark.Http.Then("""{"data":[]}""", headers: ("X-RateLimit-Remaining", "0")).Then("""{"data":[]}""");

        await redbark.Client.ReadConnectionsAsync(default);
        await redbark.PassAsync(redbark.Client.ReadConnectionsAsync(default));

        Assert.True(redbark.Http.Asked[1].At - redbark.Http.Asked[0].At >= TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task At_most_four_heavy_calls_are_under_way()
    {
        using var redbark = new ScriptedRedbark();
        var open = new TaskCompletionSource();
        for (var i = 0; i < 9; i++)
            redbark.Http.Then(async (_, _) =>
            {
                await open.Task;
                return ScriptedHttp.Answer("""{"data":[]}""");
            });

        var reads = Enumerable.Range(0, 9).Select(_ => redbark.Client.ReadHoldingsAsync("c", "a", default)).ToArray();
        var cheap = redbark.Http.Asked.Count;
        open.SetResult();
        await Task.WhenAll(reads);

        Assert.Equal((4, 9), (cheap, redbark.Http.Asked.Count));
    }

    [Fact]
    public void The_options_do_not_print_the_key() =>
        Assert.DoesNotContain(ScriptedRedbark.Key, new RedbarkClientOptions { ApiKey = ScriptedRedbark.Key }.ToString());
}
