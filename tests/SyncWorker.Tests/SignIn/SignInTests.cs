using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.SignIn;
using Redbark.Sync.Worker.Tests.Api;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.SignIn;

public sealed class SignInTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Username=nobody;Database=nothing;Timeout=1";

    private ApiHost Host => console.Host;

    [Theory]
    [InlineData("/")]
    [InlineData("/jobs")]
    [InlineData("/settings?x=1")]
    [InlineData("/no/such/page")]
    public async Task A_browser_that_is_not_signed_in_is_sent_to_sign_in_and_back(string address)
    {
        using var browser = new Browser(Host);
        using var answer = await browser.GetAsync(address);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal($"/sign-in?returnUrl={Uri.EscapeDataString(address)}", answer.Headers.Location!.PathAndQuery);

        using var signedIn = await browser.SignInAsync(Browser.Password, address);
        Assert.Equal(HttpStatusCode.SeeOther, signedIn.StatusCode);
        Assert.Equal(address, signedIn.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("/JOBS")]
    [InlineData("/jobs/")]
    [InlineData("/%2fjobs")]
    [InlineData("/jobs;/sign-in")]
    [InlineData("/sign-in/%2e%2e%2fjobs")]
    [InlineData("/sign-in%2f..%2fjobs")]
    [InlineData("/assets/..%2f/jobs")]
    [InlineData("/health/%2e%2e%2fjobs")]
    [InlineData("/webhooks/%2e%2e%2fjobs")]
    [InlineData("/jobs?returnUrl=/sign-in")]
    public async Task No_way_of_writing_an_address_leads_past_signing_in(string address)
    {
        using var browser = new Browser(Host);
        foreach (var (name, value) in new[] { ("X-Nothing", "1"), ("X-Original-URL", "/sign-in"), ("X-Rewrite-URL", "/health/live"), ("X-HTTP-Method-Override", "HEAD"), ("X-Forwarded-For", "127.0.0.1") })
        {
            using var answer = await browser.GetAsync(address, (name, value));
            Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode);
            Assert.DoesNotContain("reconcile", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_session_s_cookie_is_kept_from_scripts_and_from_other_sites()
    {
        using var browser = new Browser(Host);
        using var answer = await browser.SignInAsync(Browser.Password);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), value => value.StartsWith(Access.CookieName, StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_session_opens_pages_and_the_API_alike()
    {
        using var browser = await Browser.SignedInAsync(Host);
        foreach (var address in new[] { "/", "/jobs", "/settings", "/api/v1/accounts", "/openapi/v1.json" })
        {
            using var answer = await browser.GetAsync(address);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{address}: {(int)answer.StatusCode}\n{Host.Logs.Errors}");
        }
    }

    [Fact]
    public async Task A_token_opens_pages_too()
    {
        using var answer = await Host.Client.GetAsync("/jobs");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_wrong_token_beside_a_session_is_a_wrong_token()
    {
        using var browser = await Browser.SignedInAsync(Host);
        using var answer = await browser.GetAsync("/api/v1/accounts", ("Authorization", "Bearer wrong-token-0123456789-0123456789-0"));
        await ApiHost.ProblemAsync(401, answer);
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    [InlineData("correct horse battery staplE")]
    public async Task A_wrong_password_signs_nobody_in(string password)
    {
        await using var own = await ConsoleHost.StartAsync();
        using var browser = new Browser(own.Host);
        using var answer = await browser.SignInAsync(password);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("That is not the password.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var after = await browser.GetAsync("/");
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);
        Assert.DoesNotContain(Browser.Password, own.Host.Logs.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/sign-in?returnUrl=/sign-in")]
    [InlineData("")]
    public async Task Nobody_is_sent_to_another_site(string returnUrl)
    {
        using var browser = new Browser(Host);
        using var answer = await browser.SignInAsync(Browser.Password, returnUrl);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal("/", answer.Headers.Location!.OriginalString);
        using var again = await browser.GetAsync($"/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}");
        Assert.Equal("/", again.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Signing_in_needs_the_form_s_token()
    {
        using var browser = new Browser(Host);
        using var without = await browser.PostAsync("/sign-in", token: null, ("password", Browser.Password));
        Assert.Equal(HttpStatusCode.Forbidden, without.StatusCode);

        // A token is good with the cookie of the same browser only.
        using var other = new Browser(Host);
        var token = await other.TokenAsync("/sign-in");
        using var foreign = await browser.PostAsync("/sign-in", token, ("password", Browser.Password));
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        Assert.Empty(browser.Cookies.GetCookies(browser.Address));
    }

    [Theory]
    [InlineData("POST", "/api/v1/jobs/reconcile/run")]
    [InlineData("POST", "/api/v1/quarantine/1/drop")]
    [InlineData("DELETE", "/api/v1/transactions/1/settle-by/2")]
    [InlineData("POST", "/jobs/reconcile/run")]
    [InlineData("POST", "/settings/signature")]
    [InlineData("POST", "/sign-out")]
    [InlineData("POST", "/")]
    public async Task What_a_session_changes_needs_its_antiforgery_token(string method, string address)
    {
        using var browser = await Browser.SignedInAsync(Host);
        using var without = await browser.SendAsync(new HttpMethod(method), address);
        Assert.Equal(HttpStatusCode.Forbidden, without.StatusCode);
        using var wrong = await browser.SendAsync(new HttpMethod(method), address, content: null, ("RequestVerificationToken", "CfDJ8wrong"));
        Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);

        // That of somebody else's session is no better.
        using var other = new Browser(Host);
        using var foreign = await browser.SendAsync(new HttpMethod(method), address, content: null, ("RequestVerificationToken", await other.TokenAsync("/sign-in")));
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
    }

    [Fact]
    public async Task With_the_token_a_session_may_use_the_API()
    {
        using var browser = await Browser.SignedInAsync(Host);
        var token = await browser.TokenAsync("/jobs");
        using var answer = await browser.SendAsync(HttpMethod.Post, "/api/v1/jobs/no-such-job/run", content: null, ("RequestVerificationToken", token));
        Assert.Equal("job_unknown", (string?)(await ApiHost.ProblemAsync(404, answer))["reason"]);
    }

    [Fact]
    public async Task A_program_with_a_token_needs_no_antiforgery_token()
    {
        using var answer = await Host.Client.PostAsync("/api/v1/jobs/no-such-job/run", content: null);
        await ApiHost.ProblemAsync(404, answer);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_in_this_browser()
    {
        using var browser = await Browser.SignedInAsync(Host);
        using var answer = await browser.PostAsync("/sign-out", await browser.TokenAsync("/"));
        Assert.Equal("/sign-in", answer.Headers.Location!.OriginalString);
        using var after = await browser.GetAsync("/");
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);
    }

    [Fact]
    public async Task Signing_out_ends_every_copy_of_the_session_on_every_worker()
    {
        await using var database = await LedgerDatabase.CreateAsync();
        var clock = new ManualClock(DateTimeOffset.UtcNow);
        await using var first = await ConsoleHost.StartAsync(database.ConnectionString, settings: null, clock);
        await using var second = await ConsoleHost.StartAsync(database.ConnectionString, settings: null, clock);
        using var browser = await Browser.SignedInAsync(first);
        var copied = new CookieContainer();
        copied.Add(browser.Cookies.GetCookies(browser.Address));
        using var other = await Browser.SignedInAsync(first);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await StatusAsync(first, copied), await StatusAsync(second, copied)));

        (await browser.PostAsync("/sign-out", await browser.TokenAsync("/settings"))).Dispose();
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(first, copied));
        clock.Advance(EndedSessions.Freshness);
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(second, copied));

        // Only that one; and a worker that starts later knows too.
        using (var answer = await other.GetAsync("/settings"))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await using var third = await ConsoleHost.StartAsync(database.ConnectionString, settings: null, clock);
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(third, copied));
    }

    [Fact]
    public async Task Which_sessions_ended_is_asked_once_however_many_pages_are_opened()
    {
        await using var own = await ConsoleHost.StartAsync(clock: new ManualClock(DateTimeOffset.UtcNow));
        using var browser = await Browser.SignedInAsync(own.Host);
        for (var page = 0; page < 20; page++)
            (await browser.GetAsync("/settings")).Dispose();
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(own.Host.Logs.Text, "(?m)^Debug Npgsql.Command: Executing.*ended_sessions"));
    }

    [Fact]
    public async Task A_session_outlives_a_restart_and_ends_with_the_password()
    {
        await using var database = await LedgerDatabase.CreateAsync();
        var cookies = new CookieContainer();
        await using (var first = await ConsoleHost.StartAsync(database.ConnectionString, settings: null))
        {
            using var browser = await Browser.SignedInAsync(first);
            cookies.Add(browser.Cookies.GetCookies(browser.Address));
        }

        await using (var second = await ConsoleHost.StartAsync(database.ConnectionString, settings: null))
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(second, cookies));
        await using (var third = await ConsoleHost.StartAsync(database.ConnectionString, new() { ["Console:PasswordHash"] = PasswordHashes.Of("another password") }))
            Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(third, cookies));
    }

    [Fact]
    public async Task The_keys_of_sessions_are_encrypted_in_the_database()
    {
        await using var own = await ConsoleHost.StartAsync();
        using var browser = await Browser.SignedInAsync(own.Host);
        await using var command = own.Host.Services.GetRequiredService<Npgsql.NpgsqlDataSource>().CreateCommand("SELECT content FROM ledger.session_keys");
        var key = (string)(await command.ExecuteScalarAsync())!;
        Assert.Contains("<sealed", key, StringComparison.Ordinal);
        Assert.DoesNotContain("masterKey", key, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_ends_after_its_time()
    {
        var clock = new ManualClock(DateTimeOffset.UtcNow);
        await using var own = await ConsoleHost.StartAsync(new() { ["Console:SessionLength"] = "01:00:00" }, clock);
        using var browser = await Browser.SignedInAsync(own.Host);
        clock.Advance(TimeSpan.FromMinutes(59));
        using (var before = await browser.GetAsync("/settings"))
            Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        clock.Advance(TimeSpan.FromMinutes(2));
        using var after = await browser.GetAsync("/settings");
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);
    }

    [Fact]
    public async Task Another_length_of_sessions_ends_those_that_began_before()
    {
        await using var database = await LedgerDatabase.CreateAsync();
        var cookies = new CookieContainer();
        await using (var first = await ConsoleHost.StartAsync(database.ConnectionString, new() { ["Console:SessionLength"] = "30.00:00:00" }))
        {
            using var browser = await Browser.SignedInAsync(first);
            cookies.Add(browser.Cookies.GetCookies(browser.Address));
        }

        await using var second = await ConsoleHost.StartAsync(database.ConnectionString, new() { ["Console:SessionLength"] = "01:00:00" });
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(second, cookies));
    }

    [Fact]
    public async Task That_a_session_was_signed_out_is_kept_until_its_cookie_ends()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));
        await using var own = await ConsoleHost.StartAsync(new() { ["Console:SessionLength"] = "08:00:00" }, clock);
        using var browser = await Browser.SignedInAsync(own.Host);
        clock.Advance(TimeSpan.FromHours(3));
        (await browser.PostAsync("/sign-out", await browser.TokenAsync("/settings"))).Dispose();
        await using var command = own.Host.Services.GetRequiredService<Npgsql.NpgsqlDataSource>().CreateCommand("SELECT until FROM ledger.ended_sessions");
        Assert.Equal(new DateTime(2026, 11, 20, 20, 0, 0, DateTimeKind.Utc), await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Keys_in_a_directory_are_the_owner_s_alone_and_let_people_sign_in_while_the_database_is_away()
    {
        using var directory = new TemporaryDirectory();
        var keys = Path.Combine(directory.Path, "keys");
        await using var host = await ConsoleHost.StartAsync(Nowhere, new() { ["Console:KeysDirectory"] = keys }, wait: false);
        using var browser = await Browser.SignedInAsync(host);
        using var page = await browser.GetAsync("/");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.Contains("The database does not answer", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(keys));
        Assert.DoesNotContain("<masterKey", File.ReadAllText(Assert.Single(Directory.GetFiles(keys))), StringComparison.Ordinal);
        for (var i = 0; i < 5; i++)
            (await browser.PostAsync("/sign-in", await TokenOfAnotherAsync(browser), ("password", "wrong"))).Dispose();
        using var locked = await browser.PostAsync("/sign-in", await TokenOfAnotherAsync(browser), ("password", Browser.Password));
        Assert.Equal(HttpStatusCode.TooManyRequests, locked.StatusCode);
    }

    [Fact]
    public async Task Without_a_password_the_page_says_how_to_set_one_and_nothing_signs_in()
    {
        await using var own = await ConsoleHost.StartAsync(new() { ["Console:PasswordHash"] = null });
        using var browser = new Browser(own.Host);
        using var page = await browser.GetAsync("/sign-in");
        Assert.Contains("set-password", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var answer = await browser.PostAsync("/sign-in", token: null, ("password", ""));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("Console:PasswordHash", "hunter2")]
    [InlineData("Console:PasswordHash", "AQAAAAIAAYagAAAA")]
    [InlineData("Console:SessionLength", "forever")]
    [InlineData("Console:SessionLength", "00:00:01")]
    [InlineData("Proxies:Known:0", "proxy.example")]
    [InlineData("Proxies:Known", "10.0.0.1")]
    public async Task A_setting_that_cannot_be_used_stops_the_start(string key, string value)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => ApiHost.StartAsync(Nowhere, new() { [key] = value }));
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
        if (key == "Console:PasswordHash")
            Assert.DoesNotContain(value, error.Message, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> StatusAsync(ApiHost host, CookieContainer cookies)
    {
        using var browser = new Browser(host);
        foreach (Cookie cookie in cookies.GetAllCookies())
            browser.Cookies.Add(browser.Address, new Cookie(cookie.Name, cookie.Value));
        using var answer = await browser.GetAsync("/settings");
        return answer.StatusCode;
    }

    private static async Task<string> TokenOfAnotherAsync(Browser browser)
    {
        // Who is signed in is not shown the form; signing out makes room for it.
        browser.Cookies.GetAllCookies().ToList().ForEach(cookie => cookie.Expired = true);
        return await browser.TokenAsync("/sign-in");
    }
}
