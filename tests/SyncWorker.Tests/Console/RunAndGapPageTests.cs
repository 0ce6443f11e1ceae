using System.Net;
using Redbark.Sync.Worker.Tests.Api;
using Redbark.Sync.Worker.Tests.SignIn;

namespace Redbark.Sync.Worker.Tests.Console;

public sealed class RunAndGapPageTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    private const string Hostile = "<img src=x onerror=alert(1)>";

    private ApiHost Host => console.Host;

    [Fact]
    public async Task A_run_says_whether_it_is_complete_and_which_chunks_are_missing()
    {
        await Host.RunAsync("pages", "run-whole", 2, 1, 2);
        await Host.RunAsync("pages", "run-holes", 9, 1, 5, 9);
        await Host.RunAsync(Hostile, "run-hostile", 1, 1);
        using var browser = await Browser.SignedInAsync(Host);

        var all = await PageAsync(browser, "/runs?feed=pages");
        Assert.Contains("2–4, 6–8", all, StringComparison.Ordinal);
        Assert.Contains("6 missing", all, StringComparison.Ordinal);
        Assert.Contains("run-whole", all, StringComparison.Ordinal);
        Assert.Contains("looked for after the time of grace", all, StringComparison.Ordinal);
        await GapAsync(7001, "missing_chunk", "healed", run: "run-holes");
        await Host.SqlAsync("UPDATE ledger.gaps SET key = 'pages/run-holes/transactions.synced' WHERE id = 7001");
        Assert.Contains("<a href=\"/gaps/7001\">gap 7001</a> is healed", await PageAsync(browser, "/runs?feed=pages"), StringComparison.Ordinal);
        var incomplete = await PageAsync(browser, "/runs?feed=pages&incomplete=true");
        Assert.Contains("run-holes", incomplete, StringComparison.Ordinal);
        Assert.DoesNotContain("run-whole", incomplete, StringComparison.Ordinal);
        var one = await PageAsync(browser, "/runs?runId=run-whole");
        Assert.DoesNotContain("run-holes", one, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x", await PageAsync(browser, "/runs?runId=run-hostile", decode: false), StringComparison.Ordinal);
        Assert.Contains("No run is like that.", await PageAsync(browser, "/runs?runId=none"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gap_says_what_is_missing_how_it_is_known_and_what_healing_brought()
    {
        var delivery = Guid.CreateVersion7();
        await GapAsync(7101, "missing_chunk", "healed", run: "run-gap");
        await GapAsync(7102, "drift", "failed", error: $"the key is refused {Hostile}");
        await Host.SqlAsync("""
            INSERT INTO ledger.gap_reads (gap_id, provider_account_id, account_id, from_day, to_day, days, counts, read_at, not_older_than, rows, applied, delivery_ids, truncated_days, unusable)
            VALUES (7101, 5, 3, '2026-11-01', '2026-11-05', 2, 6, now(), now(), 9, 4, ARRAY[$1::uuid], '{2026-11-03}', '{"amount_invalid": 2}')
            """, delivery);
        using var browser = await Browser.SignedInAsync(Host);

        var healed = await PageAsync(browser, "/gaps/7101");
        foreach (var said in new[]
        {
            "chunks 2–3 of a run", "The run announced more chunks than came", "narrowed to 2 days by counting 6 times", $"/deliveries/{delivery}", "2 could not be used: amount invalid",
            "2026-11-03 hold more rows than REST can reach", "/runs?runId=run-gap",
        })
            Assert.Contains(said, healed, StringComparison.Ordinal);
        Assert.DoesNotContain("/gaps/7101/retry", healed, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x", await PageAsync(browser, "/gaps/7102", decode: false), StringComparison.Ordinal);
        Assert.Contains("−12.50", await PageAsync(browser, "/gaps/7102"), StringComparison.Ordinal);

        var failed = await PageAsync(browser, "/gaps?state=failed");
        Assert.Contains("/gaps/7102\"", failed, StringComparison.Ordinal);
        Assert.DoesNotContain("/gaps/7101\"", failed, StringComparison.Ordinal);
        Assert.Contains("/gaps/7101\"", await PageAsync(browser, "/gaps?runId=run-gap"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gap_is_retried_from_its_page_and_that_is_written_down()
    {
        await GapAsync(7201, "silent_feed", "failed", error: "no luck");
        using var browser = await Browser.SignedInAsync(Host);
        using (var refused = await browser.PostAsync("/gaps/7201/retry", token: null))
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using (var done = await browser.PostAsync("/gaps/7201/retry", await browser.TokenAsync("/gaps/7201")))
            Assert.Equal((HttpStatusCode.SeeOther, "/gaps/7201"), (done.StatusCode, done.Headers.Location!.OriginalString));
        Assert.Contains("Gap 7201 is read anew", await PageAsync(browser, "/gaps/7201"), StringComparison.Ordinal);
        Assert.Equal("open", (string?)(await Host.GetAsync("/api/v1/gaps/7201"))["state"]);
        var entry = (await Host.GetAsync("/api/v1/audit?action=gap.retry&outcome=done&limit=1"))["data"]![0]!;
        Assert.Equal(("operator", "7201"), ((string?)entry["actor"], (string?)entry["subject"]));
    }

    [Theory]
    [InlineData("/gaps/x", HttpStatusCode.BadRequest)]
    [InlineData("/gaps/7999", HttpStatusCode.NotFound)]
    [InlineData("/gaps?state=lost", HttpStatusCode.BadRequest)]
    [InlineData("/gaps?accountId=x", HttpStatusCode.BadRequest)]
    [InlineData("/runs?incomplete=maybe", HttpStatusCode.BadRequest)]
    [InlineData("/runs?after=nonsense", HttpStatusCode.BadRequest)]
    public async Task What_cannot_be_understood_or_found_is_said_on_a_page(string address, HttpStatusCode status)
    {
        using var browser = await Browser.SignedInAsync(Host);
        await Host.PageAsync(browser, address, status);
    }

    private Task GapAsync(long id, string kind, string state, string? run = null, string? error = null) => Host.SqlAsync("""
        INSERT INTO ledger.gaps (id, kind, key, feed, run_id, missing_chunks, from_day, to_day, amount, as_of, detected_at, opened_at, state, attempts, closed_at, rows_read, rows_applied, last_error)
        OVERRIDING SYSTEM VALUE VALUES ($1, $2, $1::text, 'pages', $3, '{2,3}', '2026-11-01', '2026-11-05', CASE WHEN $2 = 'drift' THEN -12.50 END, now(), now(), now(), $4, 1,
            CASE WHEN $4 IN ('healed', 'empty') THEN now() END, 9, 4, $5)
        """, id, kind, run, state, error);

    private Task<string> PageAsync(Browser browser, string address, bool decode = true) => Host.PageAsync(browser, address, decode);
}
