using System.Net;
using System.Text.RegularExpressions;
using Redbark.Sync.Worker.Tests.Api;
using Redbark.Sync.Worker.Tests.SignIn;

namespace Redbark.Sync.Worker.Tests.Console;

public sealed class AccountPageTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    private ApiHost Host => console.Host;

    [Fact]
    public async Task The_list_says_what_ledger_and_bank_say_and_whether_they_agree()
    {
        await using var own = await ConsoleHost.StartAsync();
        await SeedAsync(own.Host);
        using var browser = await Browser.SignedInAsync(own.Host);
        var html = await ReadAsync(own.Host, browser, "/accounts");

        var proved = Row(html, "Everyday");
        Assert.Contains("Bank of Tests", proved, StringComparison.Ordinal);
        Assert.Contains(">1,054.50<", proved, StringComparison.Ordinal);
        Assert.Contains(">proved<", proved, StringComparison.Ordinal);
        Assert.Contains("2026-11-02", proved, StringComparison.Ordinal);
        var drift = Row(html, "Savings");
        Assert.Contains(">−12.00<", drift, StringComparison.Ordinal);
        Assert.Contains(">differs<", drift, StringComparison.Ordinal);
        Assert.Contains("since 2026-10-30: rows of the bank are missing here", drift, StringComparison.Ordinal);
        var nothing = Row(html, "Account 3");
        Assert.Contains(">rows only<", nothing, StringComparison.Ordinal);
        Assert.Contains(">not proved yet<", nothing, StringComparison.Ordinal);

        Assert.Equal(["Savings"], Names(await ReadAsync(own.Host, browser, "/accounts?status=drift")));
        Assert.Equal(["Everyday"], Names(await ReadAsync(own.Host, browser, "/accounts?status=proved")));
        Assert.Equal(["Account 3", "100%_<b>"], Names(await ReadAsync(own.Host, browser, "/accounts?status=unknown")));
        Assert.Equal(["Everyday", "Savings"], Names(await ReadAsync(own.Host, browser, "/accounts?text=OF+tests")));
        Assert.Equal(["100%_<b>"], Names(await ReadAsync(own.Host, browser, "/accounts?text=0%25_")));
        Assert.Equal(["Account 3"], Names(await ReadAsync(own.Host, browser, "/accounts?text=acct_3")));
        Assert.Equal(["100%_<b>"], Names(await ReadAsync(own.Host, browser, "/accounts?currency=jpy")));
        Assert.Contains("No account is like that.", await ReadAsync(own.Host, browser, "/accounts?text=nobody"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_shows_both_balances_the_chart_the_evidence_and_its_rows()
    {
        await using var own = await ConsoleHost.StartAsync();
        await SeedAsync(own.Host);
        using var browser = await Browser.SignedInAsync(own.Host);
        var html = await ReadAsync(own.Host, browser, "/accounts/2?span=all");

        Assert.Contains("<h1>Savings</h1>", html, StringComparison.Ordinal);
        Assert.Contains("−12.00<span class=\"unit\">\u00a0AUD</span>", WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(html, "<svg class=\"chart "));
        Assert.Equal(2, Regex.Count(html, "<path class=\"ledger\" d=\"M"));
        Assert.Equal(2, Regex.Count(html, "class=\"bank differs\""));
        Assert.Equal(2, Regex.Count(html, "class=\"bank agrees\""));
        Assert.Equal(2, Regex.Count(html, "<line class=\"since\""));
        Assert.Matches("<desc id=\"chart-wide-description\">The ledger.s balance goes from .* 2 balances of the bank are marked; 1 of them differ, since 2026-10-30.</desc>", WebUtility.HtmlDecode(html));
        Assert.Contains("The bank's figures as a table", html, StringComparison.Ordinal);
        Assert.Contains("Rows of 2026-10-30 seem to be missing", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/transactions/201\"", html, StringComparison.Ordinal);
        Assert.Contains("How the status changed", html, StringComparison.Ordinal);
        Assert.Contains("2026-10-29 to 2026-10-31", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>hostile</b>", html, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;hostile&lt;/b&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"<[a-z][^>]*\s(style|on[a-z]+)=", html);
    }

    [Theory]
    [InlineData("text=hostile", "<b>hostile</b>")]
    [InlineData("text=R-1", "Rent", "<b>hostile</b>", "Pay")]
    [InlineData("from=2026-10-30&to=2026-10-30", "Rent")]
    [InlineData("min=0", "Pay")]
    [InlineData("max=-50", "Rent")]
    [InlineData("min=-20&max=-1", "<b>hostile</b>")]
    [InlineData("status=pending", "<b>hostile</b>")]
    [InlineData("effectiveStatus=posted", "Rent", "Pay")]
    [InlineData("class=nothing")]
    public async Task The_rows_of_an_account_are_filtered(string query, params string[] expected)
    {
        await using var own = await ConsoleHost.StartAsync();
        await SeedAsync(own.Host);
        using var browser = await Browser.SignedInAsync(own.Host);
        var html = await ReadAsync(own.Host, browser, $"/accounts/2?{query}");
        Assert.Equal(expected.Order(), Regex.Matches(html, "href=\"/transactions/\\d+\">([^<]+)</a>\\s*(?:<p|</th>)").Select(match => WebUtility.HtmlDecode(match.Groups[1].Value)).Order());
    }

    [Theory]
    [InlineData("/accounts/999999", 404)]
    [InlineData("/accounts/no-number", 400)]
    [InlineData("/accounts?status=maybe", 400)]
    [InlineData("/accounts?after=made-up", 400)]
    [InlineData("/transactions/999999", 404)]
    [InlineData("/transactions/x", 400)]
    [InlineData("/trades/999999", 404)]
    [InlineData("/trades?from=yesterday", 400)]
    [InlineData("/trades?accountId=x", 400)]
    [InlineData("/positions?status=maybe", 400)]
    [InlineData("/positions?accountId=-1", 400)]
    public async Task What_does_not_exist_or_cannot_be_used_is_a_page_that_says_so(string address, int status)
    {
        using var browser = await Browser.SignedInAsync(Host);
        using var answer = await browser.GetAsync(address);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("<h1>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_that_cannot_be_used_leaves_the_account_and_says_what_is_wrong()
    {
        await using var own = await ConsoleHost.StartAsync();
        await SeedAsync(own.Host);
        using var browser = await Browser.SignedInAsync(own.Host);
        using var answer = await browser.GetAsync("/accounts/2?min=much");
        var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("<h1>Savings</h1>", html, StringComparison.Ordinal);
        Assert.Contains("min: expected an amount such as -45.50, found 'much'.", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_ledger_says_what_makes_accounts()
    {
        await using var own = await ConsoleHost.StartAsync();
        using var browser = await Browser.SignedInAsync(own.Host);
        Assert.Contains("There is no account yet.", await ReadAsync(own.Host, browser, "/accounts"), StringComparison.Ordinal);
        Assert.Contains("There are no trades.", await ReadAsync(own.Host, browser, "/trades"), StringComparison.Ordinal);
        Assert.Contains("There are no positions.", await ReadAsync(own.Host, browser, "/positions"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_history_of_the_api_is_exact_by_day_and_by_month()
    {
        await using var own = await ConsoleHost.StartAsync();
        await SeedAsync(own.Host);
        var days = await own.Host.GetAsync("/api/v1/accounts/2/history?from=2026-10-30&to=2026-11-03");
        ApiHost.AssertJson("""
            {"accountId":2,"currency":"AUD","from":"2026-10-30","to":"2026-11-03","step":"day","opening":"500.00","before":"500.00",
             "ledger":[{"day":"2026-10-30","balance":"400.00"},{"day":"2026-11-01","balance":"650.00"}],
             "bank":[{"at":"2026-10-30T06:00:00Z","provider":"redbark","balanceId":2,"balance":"500.00","agrees":true},
                     {"at":"2026-11-02T06:00:00Z","provider":"redbark","balanceId":2,"balance":"638.00","agrees":false}]}
            """, days);
        var months = await own.Host.GetAsync("/api/v1/accounts/2/history?from=2020-01-01&to=2026-11-03");
        Assert.Equal("month", (string?)months["step"]);
        Assert.Equal(["2026-10-31 400.00", "2026-11-03 650.00"], months["ledger"]!.AsArray().Select(day => $"{day!["day"]} {day["balance"]}"));
        Assert.Equal("650.00", (string?)(await own.Host.GetAsync("/api/v1/accounts/2/history?from=2026-11-02&to=2026-11-03"))["before"]);
        Assert.Equal("account_unknown", (string?)(await own.Host.ProblemAsync(404, "/api/v1/accounts/99/history"))["reason"]);
        Assert.Equal(["drift", "proved"], (await own.Host.AllAsync("/api/v1/accounts/2/reconciliation/changes", 1)).Select(change => (string?)change["status"]));
    }

    internal static async Task SeedAsync(ApiHost host)
    {
        await host.AccountAsync(1, name: "Everyday");
        await host.AccountAsync(2, name: "Savings");
        await host.AccountAsync(3);
        await host.AccountAsync(4, "JPY", name: "100%_<b>");
        await host.TransactionAsync(101, 1, "54.50");
        await host.TransactionAsync(201, 2, "-100.00", bookedOn: "2026-10-30", description: "Rent");
        await host.TransactionAsync(202, 2, "250.00", bookedOn: "2026-11-01", description: "Pay");
        await host.TransactionAsync(203, 2, "-5.00", bookedOn: "2026-11-02", status: "pending", description: "<b>hostile</b>");
        await host.SqlAsync("INSERT INTO ledger.connections (provider, connection_id, institution, status, first_seen_at) VALUES ('redbark', 'c', 'Bank of Tests', 'active', now())");
        await host.SqlAsync("""
            INSERT INTO ledger.provider_accounts (id, provider, connection_id, external_id, account_id, name, is_brokerage, first_seen_at, last_listed_at)
            OVERRIDING SYSTEM VALUE SELECT n, 'redbark', 'c', 'external-' || n, n, 'Listed', false, now(), now() FROM generate_series(1, 2) n
            """);
        await host.SqlAsync("SELECT ledger.ensure_partition(t, at::timestamptz) FROM unnest(ARRAY['balances', 'reconciliation_changes']) t, unnest(ARRAY['2026-10-30', '2026-11-02']) at");
        await host.SqlAsync("""
            INSERT INTO ledger.balances (provider_account_id, account_id, retrieved_at, earliest_at, currency, current, current_origin, available_includes_credit, flags, figures)
            SELECT 2, 2, at::timestamptz, at::timestamptz, 'AUD', amount, 'reported', 'unknown', '{}', '[]' FROM (VALUES ('2026-10-30T06:00Z', 500), ('2026-11-02T06:00Z', 638)) v (at, amount)
            """);
        await host.SqlAsync("""
            INSERT INTO ledger.reconciliations (account_id, provider_account_id, subject, status, cause, currency, opening, opening_known, expected, actual, drift, since, observed_at, proved_at,
                findings, checked_at, changed_at)
            VALUES (1, 1, '', 'proved', NULL, 'AUD', 1000, false, 1054.5, 1054.5, 0, NULL, '2026-11-02T06:00Z', '2026-11-02T06:00Z', '[]', now(), now()),
                (2, 2, '', 'drift', 'missing_rows', 'AUD', 500, false, 650, 638, -12, '2026-10-30', '2026-11-02T06:00Z', '2026-10-30T06:00Z',
                 '[{"cause":"missing_rows","amount":"-12","from":null,"to":null,"since":"2026-10-30","transactionIds":[201],"evidence":"Rows of 2026-10-30 seem to be missing"}]', now(), now())
            """);
        await host.SqlAsync("""
            INSERT INTO ledger.reconciliation_changes (changed_at, account_id, provider_account_id, subject, status, cause, drift)
            VALUES ('2026-10-30T06:00Z', 2, 2, '', 'proved', NULL, 0), ('2026-11-02T06:00Z', 2, 2, '', 'drift', 'missing_rows', -12)
            """);
        await host.SqlAsync("""
            INSERT INTO ledger.gaps (kind, key, account_id, missing_chunks, from_day, to_day, as_of, detected_at, opened_at, state, attempts, rows_read, rows_applied)
            VALUES ('drift', 'k', 2, '{}', '2026-10-29', '2026-10-31', now(), now(), now(), 'open', 0, 0, 0)
            """);
    }

    internal static async Task<string> ReadAsync(ApiHost host, Browser browser, string address)
    {
        using var answer = await browser.GetAsync(address);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{address}: {(int)answer.StatusCode}\n{host.Logs.Errors}");
        return await answer.Content.ReadAsStringAsync();
    }

    private static string Row(string html, string name) => WebUtility.HtmlDecode(Regex.Matches(html, "<tr>.*?</tr>", RegexOptions.Singleline)
        .Select(match => match.Value).Single(row => row.Contains($">{name}</a>", StringComparison.Ordinal)));

    private static IEnumerable<string> Names(string html) => Regex.Matches(html, "href=\"/accounts/\\d+\">([^<]+)</a>").Select(match => WebUtility.HtmlDecode(match.Groups[1].Value));
}
