using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Redbark.Sync.Worker.Tests.Api;

namespace Redbark.Sync.Worker.Tests.SignIn;

/// <summary>Whatever the worker answers to, also what is added tomorrow: the routes are read from the running host.</summary>
public sealed partial class EveryRouteTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    /// <summary>What anybody may ask for. Whoever adds a route here should be able to say why.</summary>
    private static readonly string[] Open = ["/health/live", "/health/ready", "/sign-in", "/sign-in/link", "/sign-in/openid", "/assets/{hash}/{name}"];

    private ApiHost Host => console.Host;

    private List<(string Method, string Pattern, string Address)> Routes =>
        [.. from endpoint in Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"]
            let pattern = $"/{endpoint.RoutePattern.RawText?.TrimStart('/')}"
            where !pattern.StartsWith("/_", StringComparison.Ordinal)
            select (method, pattern, Parameter().Replace(pattern, "1"))];

    [Fact]
    public async Task Nothing_but_what_is_named_here_is_answered_without_sign_in()
    {
        var closed = Routes.Where(route => !Open.Contains(route.Pattern)).ToList();
        Assert.True(closed.Count > 40, $"{closed.Count} routes");
        using var browser = new Browser(Host);
        using var program = Host.Anonymous();
        foreach (var (method, pattern, address) in closed)
        {
            using var asked = await browser.SendAsync(new HttpMethod(method), address);
            var isLedToSignIn = asked.StatusCode == HttpStatusCode.Redirect && asked.Headers.Location!.OriginalString.Contains("/sign-in?", StringComparison.Ordinal);
            Assert.True(isLedToSignIn || asked.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, $"{method} {pattern}: {(int)asked.StatusCode}");

            foreach (var wrong in new[] { "Bearer", "Bearer ", $"Bearer {ApiHost.Token}x", $"Bearer {ApiHost.Token[..^1]}", $"bearer  {ApiHost.Token} {ApiHost.Token}", "Basic b3BlcmF0b3I6eA==" })
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), address);
                request.Headers.TryAddWithoutValidation("Authorization", wrong);
                using var answer = await program.SendAsync(request);
                Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized || (!pattern.StartsWith("/api/", StringComparison.Ordinal) && !answer.IsSuccessStatusCode), $"{method} {pattern} with '{wrong}': {(int)answer.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task Whatever_changes_something_needs_the_session_s_antiforgery_token()
    {
        using var browser = await Browser.SignedInAsync(Host);
        var changing = Routes.Where(route => route.Method is not ("GET" or "HEAD") && !route.Pattern.StartsWith("/health/", StringComparison.Ordinal)).ToList();
        Assert.True(changing.Count > 10, $"{changing.Count} routes");
        foreach (var (method, pattern, address) in changing)
        {
            using var answer = await browser.SendAsync(new HttpMethod(method), address, new FormUrlEncodedContent([new("note", "x")]), ("Origin", "https://elsewhere.example"));
            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{method} {pattern}: {(int)answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Who_says_to_be_somebody_by_a_header_is_nobody()
    {
        using var browser = new Browser(Host);
        foreach (var name in new[] { "X-Forwarded-User", "X-Remote-User", "Remote-User", "X-Forwarded-For", "X-Real-IP", "X-Forwarded-Host", "Forwarded", "X-Original-URL", "X-Redbark-Signature", "Cookie" })
        {
            using var answer = await browser.GetAsync("/api/v1/accounts", (name, "operator=127.0.0.1; for=127.0.0.1"));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_before_it_is_read()
    {
        using var browser = await Browser.SignedInAsync(Host);
        var token = await browser.TokenAsync("/settings");
        foreach (var address in new[] { "/sign-in", "/settings/signature", "/api/v1/quarantine/1/drop" })
        {
            // Announced and not sent: an answer that waited for it would not come.
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Host.Client.BaseAddress!.Port);
            var session = string.Join("; ", browser.Cookies.GetCookies(browser.Address).Select(cookie => $"{cookie.Name}={cookie.Value}"));
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"POST {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {session}\r\nRequestVerificationToken: {token}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 4000000000\r\n\r\nnote="));
            using var reader = new StreamReader(client.GetStream());
            var status = await reader.ReadLineAsync();
            Assert.True(status is not null && status.StartsWith("HTTP/1.1 4", StringComparison.Ordinal), $"{address}: {status}");
        }
    }

    [Fact]
    public async Task Callers_who_never_finish_their_request_keep_nobody_waiting()
    {
        var callers = new List<TcpClient>();
        try
        {
            for (var number = 0; number < 300; number++)
            {
                var caller = new TcpClient();
                callers.Add(caller);
                await caller.ConnectAsync(IPAddress.Loopback, Host.Client.BaseAddress!.Port);
                await caller.GetStream().WriteAsync(Encoding.ASCII.GetBytes(number % 2 == 0
                    ? "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\npass"
                    : "GET /jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nX-"));
            }

            using var browser = await Browser.SignedInAsync(Host);
            using var page = await browser.GetAsync("/jobs");
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        }
        finally
        {
            callers.ForEach(caller => caller.Dispose());
        }
    }

    [Theory]
    [InlineData("/assets/../appsettings.json")]
    [InlineData("/assets/..%2f..%2fappsettings.json")]
    [InlineData("/assets/x/..%5c..%5cappsettings.json")]
    [InlineData("/assets/x/%2fetc%2fpasswd")]
    [InlineData("/assets//etc/passwd")]
    [InlineData("/assets/x/%00console.css")]
    [InlineData("/assets/x/console.css%00.txt")]
    [InlineData("/assets/x/....//....//appsettings.json")]
    [InlineData("/assets/%c0%ae%c0%ae/appsettings.json")]
    public async Task No_file_of_the_machine_can_be_asked_for(string address)
    {
        using var client = new TcpClient(); // An HttpClient would tidy the address up.
        await client.ConnectAsync(IPAddress.Loopback, Host.Client.BaseAddress!.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(client.GetStream());
        var answer = await reader.ReadToEndAsync();
        Assert.Matches(@"\AHTTP/1\.1 (302|400|401|404) ", answer);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
