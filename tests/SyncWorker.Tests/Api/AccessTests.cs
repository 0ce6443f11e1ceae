using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Redbark.Sync.Worker.Tests.Api;

public sealed class AccessTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly string[] Open = ["/health", "/sign-in", "/assets/"];
    private const string Nowhere = "Host=127.0.0.1;Port=1;Username=nobody;Database=nothing;Timeout=1";

    /// <summary>Every route of the host but those that are open on purpose: health, and what it takes to sign in.</summary>
    private IEnumerable<(string Method, string Address)> Routes => host.Services.GetServices<EndpointDataSource>()
        .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .Where(endpoint => !Open.Any(open => endpoint.RoutePattern.RawText!.StartsWith(open, StringComparison.Ordinal)))
        .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"]).Select(method => (method, Address(endpoint))))
        .Distinct();

    [Fact]
    public async Task Every_route_is_denied_without_a_token_and_with_a_wrong_one()
    {
        var routes = Routes.ToList();
        Assert.True(routes.Count >= 15, $"Only {routes.Count} routes were found.");
        using var anonymous = host.Anonymous();
        foreach (var (method, address) in routes)
        {
            await AssertDeniedAsync(anonymous, method, address, authorization: null, "Bearer", "token_missing");
            foreach (var wrong in (string[])[ApiHost.Token + "x", ApiHost.Token[..^1], "x", ApiHost.Token.ToUpperInvariant()])
                await AssertDeniedAsync(anonymous, method, address, $"Bearer {wrong}", "Bearer error=\"invalid_token\"", "token_invalid");
            await AssertDeniedAsync(anonymous, method, address, $"Basic {ApiHost.Token}", "Bearer", "token_missing");
            await AssertDeniedAsync(anonymous, method, address, ApiHost.Token, "Bearer", "token_missing");
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api")]
    [InlineData("/api/v1")]
    [InlineData("/api/v2/accounts")]
    [InlineData("/no/such/route")]
    public async Task What_does_not_exist_is_denied_too(string address)
    {
        using var anonymous = host.Anonymous();
        await AssertDeniedAsync(anonymous, "GET", address, authorization: null, "Bearer", "token_missing");
    }

    [Fact]
    public async Task A_token_in_the_query_signs_nobody_in()
    {
        using var anonymous = host.Anonymous();
        await AssertDeniedAsync(anonymous, "GET", $"/api/v1/accounts?access_token={ApiHost.Token}", authorization: null, "Bearer", "token_missing");
    }

    [Theory]
    [InlineData("Bearer " + ApiHost.Token)]
    [InlineData("bearer " + ApiHost.Token)]
    [InlineData("Bearer " + ApiHost.SecondToken)]
    public async Task Every_configured_token_signs_in(string authorization)
    {
        using var anonymous = host.Anonymous();
        using var answer = await SendAsync(anonymous, "GET", "/api/v1/accounts", authorization);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_route_that_does_not_exist_is_404_to_whoever_is_signed_in()
    {
        Assert.Equal("route_unknown", (string?)(await host.ProblemAsync(404, "/api/v1/nothing"))["reason"]);
        using var answer = await host.Client.DeleteAsync("/api/v1/accounts");
        Assert.Equal("method_not_allowed", (string?)(await ApiHost.ProblemAsync(405, answer))["reason"]);
    }

    [Fact]
    public async Task No_token_is_ever_logged()
    {
        await using var own = await ApiHost.StartAsync(Nowhere, new() { ["Api:Tokens:0"] = ApiHost.Token });
        (await SendAsync(own.Client, "GET", "/api/v1/accounts", $"Bearer {ApiHost.Token}")).Dispose();
        (await SendAsync(own.Client, "GET", "/api/v1/accounts", "Bearer a-token-that-is-wrong")).Dispose();

        Assert.Contains("/api/v1/accounts", own.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(ApiHost.Token, own.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("a-token-that-is-wrong", own.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_configured_token_everybody_is_denied_and_a_warning_says_why()
    {
        await using var closed = await ApiHost.StartAsync(Nowhere, []);
        await AssertDeniedAsync(closed.Client, "GET", "/api/v1/accounts", $"Bearer {ApiHost.Token}", "Bearer error=\"invalid_token\"", "token_invalid");
        await AssertDeniedAsync(closed.Client, "GET", "/openapi/v1.json", authorization: null, "Bearer", "token_missing");
        Assert.Contains("Warning", closed.Logs.Text, StringComparison.Ordinal);
        Assert.Contains("No API token is configured", closed.Logs.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Api:Tokens:0", "only-31-characters-of-a-token-xx", "found 31")]
    [InlineData("Api:Tokens:0", "", "found 0")]
    [InlineData("Api:Tokens:7", "a token with spaces that is long enough", "printable ASCII")]
    [InlineData("Api:Tokens", "a-token-where-a-list-should-have-been", "expected a list")]
    public async Task A_token_that_cannot_be_used_stops_the_start_and_is_not_shown(string key, string value, string expected)
    {
        value = value.Replace("only-31-characters-of-a-token-xx", "only-31-characters-of-a-token-x", StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => ApiHost.StartAsync(Nowhere, new() { [key] = value }));
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        if (value.Length > 0)
            Assert.DoesNotContain(value, error.Message, StringComparison.Ordinal);
    }

    private static string Address(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
        .Replace("{documentName}", "v1", StringComparison.Ordinal)
        .Replace("{id}", "1", StringComparison.Ordinal)
        .Replace("{**path}", "anything", StringComparison.Ordinal);

    private static async Task AssertDeniedAsync(HttpClient client, string method, string address, string? authorization, string challenge, string reason)
    {
        using var answer = await SendAsync(client, method, address, authorization);
        Assert.Equal(reason, (string?)(await ApiHost.ProblemAsync(401, answer))["reason"]);
        Assert.Equal(challenge, Assert.Single(answer.Headers.GetValues("WWW-Authenticate")));
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string address, string? authorization)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (authorization is not null)
            Assert.True(request.Headers.TryAddWithoutValidation("Authorization", authorization));
        else
            client.DefaultRequestHeaders.Authorization = null;
        return client.SendAsync(request);
    }
}
