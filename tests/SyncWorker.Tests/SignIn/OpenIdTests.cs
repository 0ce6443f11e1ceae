using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Redbark.Sync.Worker.Tests.Api;

namespace Redbark.Sync.Worker.Tests.SignIn;

/// <summary>Against a provider on this machine that checks PKCE, the client and the code, each code once.</summary>
public sealed class OpenIdTests : IAsyncLifetime
{
    private const string Client = "redbark-console";
    private const string Secret = "the-client-s-secret";

    private readonly Dictionary<string, string> _challenges = [];
    private WebApplication? _provider;
    private string _user = "{}";

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _provider = builder.Build();
        _provider.MapGet("/authorize", (HttpRequest request) =>
        {
            var query = request.Query;
            Assert.Equal(("code", Client, "S256", "openid email"), ((string?)query["response_type"], (string?)query["client_id"], (string?)query["code_challenge_method"], (string?)query["scope"]));
            var code = Guid.NewGuid().ToString();
            _challenges[code] = query["code_challenge"]!;
            return Results.Redirect($"{query["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(query["state"]!)}");
        });
        _provider.MapPost("/token", async (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            var expected = Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"]!))).TrimEnd('=').Replace('+', '-').Replace('/', '_');
            return form["client_secret"] == Secret && _challenges.Remove(form["code"]!, out var challenge) && challenge == expected
                ? Results.Json(new { access_token = "an-access-token", token_type = "Bearer" })
                : Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        });
        _provider.MapGet("/userinfo", (HttpRequest request) =>
            request.Headers.Authorization == "Bearer an-access-token" ? Results.Text(_user, "application/json") : Results.Unauthorized());
        await _provider.StartAsync();
    }

    public ValueTask DisposeAsync() => _provider!.DisposeAsync();

    [Theory]
    [InlineData("""{"sub": "subject-1"}""", "subject-1")]
    [InlineData("""{"sub": "x", "email": "Ann@Example.com", "email_verified": true}""", "ann@example.com")]
    [InlineData("""{"sub": "subject-2"}""", "sub:subject-2")]
    [InlineData("""{"sub": "bob@example.com"}""", "sub:bob@example.com")]
    public async Task Who_is_allowed_is_signed_in_and_led_back(string user, string name)
    {
        _user = user;
        await using var console = await ConsoleHost.StartAsync(Settings());
        using var browser = new Browser(console.Host);
        using var answer = await SignInAsync(browser, "/settings");
        Assert.Equal("/settings", answer.Headers.Location!.OriginalString);
        using var page = await browser.GetAsync("/settings");
        var html = await page.Content.ReadAsStringAsync();
        Assert.Contains($">{name}</span>", html, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, html, StringComparison.Ordinal);
        Assert.Equal(name, (string?)(await console.Host.AllAsync("/api/v1/audit", limit: 10)).Single()["actor"]);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), value => value.StartsWith("redbark-session=", StringComparison.Ordinal));
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("""{"sub": "somebody-else"}""")]
    [InlineData("""{"sub": "SUBJECT-1"}""")]
    [InlineData("""{"sub": "x", "email": "ann@example.com"}""")]
    [InlineData("""{"sub": "x", "email": "ann@example.com", "email_verified": false}""")]
    [InlineData("""{"sub": "ann@example.com.evil.example"}""")]
    [InlineData("""{"sub": "ann@example.com"}""")]
    [InlineData("""{"sub": "ann@example.com", "email": "ann@example.com", "email_verified": false}""")]
    [InlineData("""{"sub": "x", "email": "bob@example.com", "email_verified": true}""")]
    [InlineData("""{"sub": "x", "email": "sub:bob@example.com", "email_verified": true}""")]
    [InlineData("""{"sub": "sub:bob@example.com"}""")]
    [InlineData("""{"sub": "x", "email": "subject-1", "email_verified": true}""")]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("""not json""")]
    public async Task Nobody_else_is(string user)
    {
        _user = user;
        await using var console = await ConsoleHost.StartAsync(Settings());
        using var browser = new Browser(console.Host);
        using var answer = await SignInAsync(browser, "/");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        using var page = await browser.GetAsync("/settings");
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
    }

    [Theory]
    [InlineData("/sign-in/callback")]
    [InlineData("/sign-in/callback?code=1")]
    [InlineData("/sign-in/callback?code=1&state=x")]
    [InlineData("/sign-in/callback?error=access_denied")]
    public async Task A_way_back_that_nobody_set_out_on_leads_nowhere(string address)
    {
        await using var console = await ConsoleHost.StartAsync(Settings());
        using var browser = new Browser(console.Host);
        using var answer = await browser.GetAsync(address);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task The_answer_to_one_browser_signs_no_other_in()
    {
        _user = """{"sub": "subject-1"}""";
        await using var console = await ConsoleHost.StartAsync(Settings());
        using var browser = new Browser(console.Host);
        using var other = new Browser(console.Host);
        using var answer = await other.GetAsync(await WayBackAsync(browser, "/"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Nobody_is_led_to_another_site()
    {
        _user = """{"sub": "subject-1"}""";
        await using var console = await ConsoleHost.StartAsync(Settings());
        using var browser = new Browser(console.Host);
        using var answer = await SignInAsync(browser, "//evil.example");
        Assert.Equal("/", answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task What_is_missing_stops_the_start_and_no_secret_is_shown()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => ApiHost.StartAsync("Host=127.0.0.1;Port=1;Username=nobody;Database=nothing", new()
        {
            ["Console:OpenIdConnect:ClientSecret"] = Secret,
            ["Console:OpenIdConnect:TokenEndpoint"] = "http://provider.example/token",
        }));
        foreach (var key in new[] { "ClientId", "Allowed:0", "AuthorizationEndpoint", "TokenEndpoint", "UserInfoEndpoint" })
            Assert.Contains($"Console:OpenIdConnect:{key}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subject_that_is_empty_is_nobody_s_and_stops_the_start()
    {
        var settings = Settings();
        settings["Console:OpenIdConnect:Allowed:3"] = "sub:";
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => ApiHost.StartAsync("Host=127.0.0.1;Port=1;Username=nobody;Database=nothing", settings));
        Assert.Contains("Console:OpenIdConnect:Allowed:3: expected a subject after 'sub:', found nothing.", error.Message, StringComparison.Ordinal);
    }

    private Dictionary<string, string?> Settings() => new()
    {
        ["Console:PasswordHash"] = null,
        ["Console:OpenIdConnect:ClientId"] = Client,
        ["Console:OpenIdConnect:ClientSecret"] = Secret,
        ["Console:OpenIdConnect:AuthorizationEndpoint"] = $"{_provider!.Urls.Single()}/authorize",
        ["Console:OpenIdConnect:TokenEndpoint"] = $"{_provider.Urls.Single()}/token",
        ["Console:OpenIdConnect:UserInfoEndpoint"] = $"{_provider.Urls.Single()}/userinfo",
        ["Console:OpenIdConnect:Allowed:0"] = "subject-1",
        ["Console:OpenIdConnect:Allowed:1"] = "ann@example.com",
        ["Console:OpenIdConnect:Allowed:2"] = "sub:subject-2",
        ["Console:OpenIdConnect:Allowed:3"] = "sub:bob@example.com",
    };

    private static async Task<HttpResponseMessage> SignInAsync(Browser browser, string returnUrl) => await browser.GetAsync(await WayBackAsync(browser, returnUrl));

    private static async Task<string> WayBackAsync(Browser browser, string returnUrl)
    {
        using var start = await browser.GetAsync($"/sign-in/openid?returnUrl={HttpUtility.UrlEncode(returnUrl)}");
        Assert.Equal(HttpStatusCode.Redirect, start.StatusCode);
        using var provider = await browser.GetAsync(start.Headers.Location!.AbsoluteUri);
        return provider.Headers.Location!.AbsoluteUri;
    }
}
