using System.Net;
using System.Text.RegularExpressions;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Tests.Api;
using Redbark.Sync.Worker.Tests.SignIn;

namespace Redbark.Sync.Worker.Tests.Console;

public sealed partial class PageTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    private const string Secret = "a-signing-secret-of-the-tests";

    private ApiHost Host => console.Host;

    [Theory]
    [InlineData("/", "Overview")]
    [InlineData("/accounts", "Accounts")]
    [InlineData("/trades", "Trades")]
    [InlineData("/positions", "Positions")]
    [InlineData("/deliveries", "Deliveries")]
    [InlineData("/runs", "Runs")]
    [InlineData("/gaps", "Gaps")]
    [InlineData("/quarantine", "Quarantine")]
    [InlineData("/suggestions", "Suggestions")]
    [InlineData("/operations", "Operations")]
    [InlineData("/jobs", "Jobs")]
    [InlineData("/audit", "Audit log")]
    [InlineData("/settings", "Settings")]
    [InlineData("/no/such/page", "There is nothing here")]
    public async Task A_page_is_whole_and_holds_nothing_that_its_policy_forbids(string address, string title)
    {
        using var browser = await Browser.SignedInAsync(Host);
        using var answer = await browser.GetAsync(address);
        var html = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == (address.Contains("no", StringComparison.Ordinal) ? HttpStatusCode.NotFound : HttpStatusCode.OK), Host.Logs.Errors);
        AssertClean(answer, html);
        Assert.Contains($"<h1>{title}</h1>", html, StringComparison.Ordinal);
        Assert.Matches("<title>[^<]+ · Redbark.Sync</title>", html);
    }

    [Fact]
    public async Task The_page_to_sign_in_is_as_clean()
    {
        using var browser = new Browser(Host);
        using var answer = await browser.GetAsync("/sign-in");
        AssertClean(answer, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Whatever_a_page_loads_is_here_and_needs_no_sign_in()
    {
        using var browser = await Browser.SignedInAsync(Host);
        using var page = await browser.GetAsync("/");
        var files = File().Matches(await page.Content.ReadAsStringAsync()).Select(match => match.Groups[1].Value).Where(path => path.StartsWith("/assets/", StringComparison.Ordinal)).Distinct().ToList();
        Assert.Equal(3, files.Count);
        using var anonymous = new Browser(Host);
        foreach (var path in files)
        {
            using var answer = await anonymous.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        }

        using var none = await anonymous.GetAsync("/assets/0/no-such-file.js");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task A_body_that_begins_with_an_empty_line_is_shown_again_as_it_was_given()
    {
        using var browser = await Browser.SignedInAsync(Host);
        const string body = "\n\n{ }\n";
        using var answer = await browser.PostAsync("/settings/signature", await browser.TokenAsync("/settings"), ("body", body), ("signature", "x"), ("timestamp", "1"));
        var shown = WebUtility.HtmlDecode(Regex.Match(await answer.Content.ReadAsStringAsync(), "<textarea id=\"body\"[^>]*>(.*?)</textarea>", RegexOptions.Singleline).Groups[1].Value);
        // A browser drops the first line end of a text area.
        Assert.Equal(body, shown.StartsWith('\n') ? shown[1..] : shown);
    }

    [Fact]
    public async Task Every_answer_carries_the_headers_and_no_page_is_kept()
    {
        using var browser = await Browser.SignedInAsync(Host);
        foreach (var address in new[] { "/", "/api/v1/accounts", "/api/v1/nothing", "/sign-in?returnUrl=/jobs" })
        {
            using var answer = await browser.GetAsync(address);
            Assert.Contains("frame-ancestors 'none'", Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
            Assert.Equal("DENY", Header(answer, "X-Frame-Options"));
            Assert.Equal("same-origin", Header(answer, "Referrer-Policy"));
            Assert.Contains("no-store", Header(answer, "Cache-Control"), StringComparison.Ordinal);
            Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
        }
    }

    [Fact]
    public async Task Only_a_known_proxy_is_believed_that_TLS_was_used()
    {
        using var browser = new Browser(Host);
        using (var answer = await browser.SignInAsync(Browser.Password, returnUrl: null, ("X-Forwarded-Proto", "https")))
        {
            Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
            Assert.All(answer.Headers.GetValues("Set-Cookie"), cookie => Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase));
        }

        await using var proxied = await ConsoleHost.StartAsync(new() { ["Proxies:Known:0"] = "127.0.0.1" });
        using var behind = new Browser(proxied.Host);
        using (var answer = await behind.SignInAsync(Browser.Password, returnUrl: null, ("X-Forwarded-Proto", "https")))
        {
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
            Assert.Contains("max-age=", Header(answer, "Strict-Transport-Security"), StringComparison.Ordinal);
            Assert.Contains(answer.Headers.GetValues("Set-Cookie"), cookie => cookie.Contains("redbark-session", StringComparison.Ordinal) && cookie.Contains("secure", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task No_secret_stands_on_the_settings_page()
    {
        using var browser = await Browser.SignedInAsync(Host);
        using var answer = await browser.GetAsync("/settings");
        var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        Assert.Contains("Feeds:redbark:Secrets:0", html, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings:Ledger", html, StringComparison.Ordinal);
        foreach (var secret in new[] { Secret, ApiHost.Token, Browser.PasswordHash, "Host=" })
            Assert.DoesNotContain(secret, html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_box_says_whether_a_signature_matches_and_if_not_why()
    {
        using var browser = await Browser.SignedInAsync(Host);
        const string body = "{\n  \"id\": \"1\"\n}\n";
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var signature = WebhookSignature.Sign(System.Text.Encoding.UTF8.GetBytes(body), now, SigningSecret.FromText("test", Secret));

        // As a browser sends a text area.
        Assert.Contains("The signature is valid.", await CheckAsync(body.Replace("\n", "\r\n", StringComparison.Ordinal), $"{now}", signature), StringComparison.Ordinal);
        Assert.Contains("It would match with a line end added", await CheckAsync(body.TrimEnd(), $"{now}", signature), StringComparison.Ordinal);
        Assert.Contains("signature_mismatch", await CheckAsync(body, $"{now}", signature, "another secret"), StringComparison.Ordinal);
        Assert.Contains("signature_missing", await CheckAsync(body, $"{now}", ""), StringComparison.Ordinal);
        Assert.Contains("timestamp_outside_tolerance", await CheckAsync(
            body, "1700000000", WebhookSignature.Sign(System.Text.Encoding.UTF8.GetBytes(body), 1_700_000_000, SigningSecret.FromText("test", Secret))), StringComparison.Ordinal);

        async Task<string> CheckAsync(string text, string timestamp, string given, string secret = "")
        {
            using var answer = await browser.PostAsync("/settings/signature", await browser.TokenAsync("/settings"),
                ("body", text), ("timestamp", timestamp), ("signature", given), ("secret", secret));
            var html = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{(int)answer.StatusCode}\n{Host.Logs.Errors}");
            AssertClean(answer, html);
            return WebUtility.HtmlDecode(html);
        }
    }

    [Fact]
    public async Task What_stands_in_the_ledger_is_shown_as_text()
    {
        await using var own = await ConsoleHost.StartAsync();
        await own.Host.SqlAsync("INSERT INTO ledger.feed_states (feed, last_delivery_at, pauses, silent_since, checked_at) VALUES ('<script>alert(1)</script>', now(), 0, now(), now())");
        using var browser = await Browser.SignedInAsync(own.Host);
        using var answer = await browser.GetAsync("/");
        var html = await answer.Content.ReadAsStringAsync();
        AssertClean(answer, html);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt; is silent", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_overview_says_what_is_wrong_and_what_to_do()
    {
        await using var own = await ConsoleHost.StartAsync();
        using var browser = await Browser.SignedInAsync(own.Host);
        Assert.Contains("Nothing has come yet", await ReadAsync(), StringComparison.Ordinal);

        await own.Host.SqlAsync("""
            INSERT INTO ledger.feed_states (feed, last_delivery_at, usual_pause, silent_after, pauses, silent_since, checked_at)
            VALUES ('alive', now() - interval '3 min', '10 min', '1 day', 50, NULL, now()), ('quiet', now() - interval '3 days', '5 h', '1 day', 50, now() - interval '2 days', now())
            """);
        await own.Host.SqlAsync("""
            INSERT INTO ledger.connections (provider, connection_id, institution, status, first_seen_at, needs_attention_since, error)
            VALUES ('revolut', 'main', 'Revolut', 'expired', now(), now() - interval '1 hour', 'the consent has expired')
            """);
        await own.Host.SqlAsync("INSERT INTO ledger.accounts (provider, external_id, name, currency, first_seen_at, last_delivery_at) VALUES ('redbark', 'a', 'Everyday', 'AUD', now(), now())");
        await own.Host.SqlAsync("""
            INSERT INTO ledger.reconciliations (account_id, provider_account_id, subject, status, cause, currency, opening_known, expected, actual, drift, since, findings, checked_at, changed_at)
            SELECT id, 0, '', 'drift', 'missing_rows', 'AUD', false, 1000, -1234.5, -2234.5, '2026-10-01', '[]', now(), now() FROM ledger.accounts
            """);
        await own.Host.SqlAsync("INSERT INTO ledger.job_runs (started_at, id, job, trigger, finished_at, outcome, error, worker) VALUES (now(), gen_random_uuid(), 'reconcile', 'manual', now(), 'failed', 'no luck', 'w')");
        await own.Host.SqlAsync("""
            INSERT INTO ledger.connections (provider, connection_id, institution, status, first_seen_at, consent_ends_at)
            VALUES ('revolut', 'near', 'Near', 'active', now(), now() + interval '5 days 1 hour'), ('revolut', 'far', 'Far', 'active', now(), now() + interval '90 days'),
                   ('redbark', 'word', 'Word', 'expiring', now(), NULL)
            """);
        await own.Host.SqlAsync("""
            INSERT INTO ledger.operations (kind, request, state, requested_at, finished_at, error)
            VALUES ('replay', '{"feed":"a"}', 'failed', now(), now() - interval '2 hours', 'mended since'), ('replay', '{"feed":"a"}', 'done', now(), now(), NULL),
                   ('backfill', '{}', 'failed', now(), now() - interval '2 hours', 'the key is refused'), ('replay', '{}', 'failed', now(), now() - interval '8 days', 'long ago')
            """);
        var html = await ReadAsync();
        Assert.Matches("The consent of Near \\(revolut\\) ends in 5 d, on [0-9]{4}-[0-9]{2}-[0-9]{2}", html);
        Assert.Contains("The consent of Word (redbark) ends soon", html, StringComparison.Ordinal);
        Assert.DoesNotContain("The consent of Far", html, StringComparison.Ordinal);
        Assert.Contains("a backfill, failed 2 h ago: the key is refused", html, StringComparison.Ordinal);
        Assert.DoesNotContain("mended since", html, StringComparison.Ordinal);
        Assert.DoesNotContain("long ago", html, StringComparison.Ordinal);
        Assert.Contains("Feed quiet is silent: nothing came for 3 d, usually 5 h at most", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Feed alive is silent", html, StringComparison.Ordinal);
        Assert.Contains("Revolut (revolut) cannot be read for 1 h: the consent has expired", html, StringComparison.Ordinal);
        Assert.Contains("Everyday: ledger and bank differ since 2026-10-01", html, StringComparison.Ordinal);
        Assert.Contains("−2,234.50<span class=\"unit\">\u00a0AUD</span>", html, StringComparison.Ordinal);
        Assert.Contains("Job reconcile failed", html, StringComparison.Ordinal);
        Assert.True(html.IndexOf("is silent", StringComparison.Ordinal) < html.IndexOf("Job reconcile failed", StringComparison.Ordinal));

        async Task<string> ReadAsync()
        {
            using var answer = await browser.GetAsync("/");
            Assert.True(answer.StatusCode == HttpStatusCode.OK, own.Host.Logs.Errors);
            return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_job_is_run_from_its_page_and_the_page_says_so_once()
    {
        await using var own = await ConsoleHost.StartAsync();
        using var browser = await Browser.SignedInAsync(own.Host);
        using var answer = await browser.PostAsync("/jobs/reconcile/run", await browser.TokenAsync("/jobs"));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal("/jobs", answer.Headers.Location!.OriginalString);
        Assert.Contains("Job reconcile runs.", await (await browser.GetAsync("/jobs")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("Job reconcile runs.", await (await browser.GetAsync("/jobs")).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // A disabled one says why.
        using var disabled = await browser.PostAsync("/jobs/poll-balances-revolut/run", await browser.TokenAsync("/jobs"));
        Assert.Contains("Job poll-balances-revolut is disabled", await (await browser.GetAsync("/jobs")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await own.Host.StopAsync();
    }

    private static string Header(HttpResponseMessage answer, string name) => string.Join(", ", answer.Headers.GetValues(name));

    internal static void AssertClean(HttpResponseMessage answer, string html)
    {
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        var policy = Header(answer, "Content-Security-Policy");
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch(InlineScript(), html);
        Assert.DoesNotMatch(InlineStyle(), html);
        Assert.DoesNotMatch(Elsewhere(), html);
        Assert.StartsWith("<!DOCTYPE html>", html.TrimStart(), StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\">", html, StringComparison.Ordinal);
    }

    [GeneratedRegex("(?:src|href)=\"([^\"]+)\"")]
    private static partial Regex File();

    [GeneratedRegex(@"<script(?![^>]*\ssrc=)|<[a-z][^>]*\son[a-z]+=|javascript:", RegexOptions.IgnoreCase)]
    private static partial Regex InlineScript();

    [GeneratedRegex(@"<style|<[a-z][^>]*\sstyle=", RegexOptions.IgnoreCase)]
    private static partial Regex InlineStyle();

    [GeneratedRegex(@"(?:src|href|action)=""(?:https?:)?//", RegexOptions.IgnoreCase)]
    private static partial Regex Elsewhere();
}
