using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Console.Deliveries;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Tests.Api;
using Redbark.Sync.Worker.Tests.SignIn;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Console;

public sealed class DeliveryPageTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    private const string Hostile = "<script>alert(1)</script>";

    private ApiHost Host => console.Host;

    private ILedger Ledger => Host.Services.GetRequiredService<ILedger>();

    [Fact]
    public async Task Deliveries_are_found_by_every_id_and_filter()
    {
        var (one, two) = (Seed.DeliveryId(Seed.Noon), Seed.DeliveryId(Seed.Noon.AddDays(-3)));
        await Host.DeliveryAsync(one, Seed.Noon, [1], eventId: "evt-page", runId: "run-page", feed: "paged");
        await Host.DeliveryAsync(two, Seed.Noon.AddDays(-3), [2], eventId: "evt-other", feed: "paged", type: "trades.synced", status: "parked");
        using var browser = await Browser.SignedInAsync(Host);

        Assert.Equal((true, true), await FindAsync("feed=paged"));
        Assert.Equal((true, false), await FindAsync($"search={one}"));
        Assert.Equal((true, false), await FindAsync("search=evt-page"));
        Assert.Equal((true, false), await FindAsync("search=run-page&status=&type=&feed=&from=&to="));
        Assert.Equal((false, true), await FindAsync("feed=paged&status=parked"));
        Assert.Equal((false, true), await FindAsync("feed=paged&type=trades.synced"));
        Assert.Equal((true, false), await FindAsync("feed=paged&from=2026-11-03"));
        Assert.Equal((false, true), await FindAsync("feed=paged&to=2026-11-02"));
        Assert.Equal((false, false), await FindAsync("search=no-such-id"));

        async Task<(bool One, bool Two)> FindAsync(string query)
        {
            var html = await PageAsync(browser, $"/deliveries?{query}");
            return (html.Contains($"/deliveries/{one}\"", StringComparison.Ordinal), html.Contains($"/deliveries/{two}\"", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_pages_of_the_list_hold_each_delivery_once_and_keep_the_filter()
    {
        for (var n = 0; n < 51; n++)
            await Host.DeliveryAsync(Seed.DeliveryId(Seed.Noon.AddMinutes(n)), Seed.Noon.AddMinutes(n), [3], feed: "many");
        using var browser = await Browser.SignedInAsync(Host);
        var first = await PageAsync(browser, "/deliveries?feed=many");
        var next = WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(first, "rel=\"next\" href=\"([^\"]+)\"").Groups[1].Value);
        Assert.Contains("feed=many", next, StringComparison.Ordinal);
        var second = await PageAsync(browser, next);
        Assert.Equal((50, 1), (Rows(first), Rows(second)));
        Assert.Contains("To the start", second, StringComparison.Ordinal);

        static int Rows(string html) => html.Split(">, delivery ").Length - 1;
    }

    [Fact]
    public async Task A_delivery_is_shown_from_its_bytes_to_what_each_row_became()
    {
        var account = Sent.Account();
        var first = await Ledger.ApplyAsync(Sent.Transactions(Sent.Transaction("kept", account), Sent.Transaction("moved", account)), CancellationToken.None);
        var body = Sent.Write(EventTypes.TransactionsSynced,
            [Sent.Transaction("kept", account), Sent.Transaction("moved", account, -9999), Sent.Transaction("new", account) with { Description = Hostile }], "evt-shown", Sent.Today.AddHours(1));
        body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace("\"new\":[", "\"new\":[{\"id\":\"bad\",\"account_id\":\"" + account + "\",\"amount\":\"x\"},", StringComparison.Ordinal));
        var sent = Sent.Body(body, Sent.Today.AddHours(1));
        var outcome = await Ledger.ApplyAsync(sent, CancellationToken.None);
        Assert.Equal((2, 1, 1), (outcome.Applied, outcome.Unchanged, outcome.Quarantined));
        var again = await Ledger.ApplyAsync(Sent.Again(sent, Sent.Today.AddHours(2)), CancellationToken.None);
        using var browser = await Browser.SignedInAsync(Host);

        var html = await PageAsync(browser, $"/deliveries/{outcome.DeliveryId}");
        foreach (var said in new[]
        {
            "changed the ledger's row: its version 2", "new in the ledger", "the ledger said so already", $"/deliveries/{first.DeliveryId}", "quarantine ", "Secrets:0", "content-type",
            $"href=\"/api/v1/deliveries/{outcome.DeliveryId}/body\"", $"/deliveries/{again.DeliveryId}", "the same bytes", "data-copy=\"body-text\"",
        })
            Assert.Contains(said, html, StringComparison.Ordinal);
        Assert.Contains("\n        \"id\": \"new\"", html.Replace("\r\n", "\n", StringComparison.Ordinal), StringComparison.Ordinal);

        var rows = (await Host.GetAsync($"/api/v1/deliveries/{outcome.DeliveryId}/rows"))["data"]!.AsArray();
        Assert.Equal(["bad quarantined", "kept unchanged", "moved applied", "new applied"], rows.Select(row => $"{row!["externalId"]} {row["fate"]}").Order(StringComparer.Ordinal));
        Assert.Equal(["-45.50", "-99.99"], rows.Where(row => (string?)row!["externalId"] is "kept" or "moved").Select(row => (string?)row!["amount"]));

        var duplicate = await PageAsync(browser, $"/deliveries/{again.DeliveryId}");
        Assert.Contains($"It repeats <a class=\"mono break\" href=\"/deliveries/{outcome.DeliveryId}\"", duplicate, StringComparison.Ordinal);

        // Time goes on: what was new then is old now.
        await Ledger.ApplyAsync(Sent.Body(Sent.Write(EventTypes.TransactionsSynced, [Sent.Transaction("stale", account, -2)], null, Sent.Today.AddHours(3))), CancellationToken.None);
        var late = await Ledger.ApplyAsync(Sent.Body(Sent.Write(EventTypes.TransactionsSynced, [Sent.Transaction("stale", account, -1)], null, Sent.Today.AddHours(2))), CancellationToken.None);
        Assert.Contains("the ledger knows something newer", await PageAsync(browser, $"/deliveries/{late.DeliveryId}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_sender_wrote_is_text_wherever_it_stands()
    {
        var id = Seed.DeliveryId(Seed.Noon.AddDays(-9));
        await Host.DeliveryAsync(id, Seed.Noon.AddDays(-9), Encoding.UTF8.GetBytes(Hostile), status: "unreadable", eventId: Hostile, type: Hostile, runId: Hostile, feed: Hostile);
        await Host.SqlAsync("UPDATE ledger.deliveries SET error = $2, headers = jsonb_build_object($2, $2) WHERE id = $1", id, Hostile);
        using var browser = await Browser.SignedInAsync(Host);
        foreach (var address in new[] { $"/deliveries/{id}", $"/deliveries?feed={Uri.EscapeDataString(Hostile)}", $"/deliveries?status={Uri.EscapeDataString(Hostile)}" })
        {
            using var answer = await browser.GetAsync(address);
            var html = await answer.Content.ReadAsStringAsync();
            PageTests.AssertClean(answer, html);
            Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html, StringComparison.Ordinal);
        }

        Assert.Contains("This is not JSON.", await PageAsync(browser, $"/deliveries/{id}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/deliveries/x", HttpStatusCode.BadRequest, "expected a UUID")]
    [InlineData("/deliveries/019a4a2c-0000-7000-8000-000000000001", HttpStatusCode.NotFound, "There is nothing here")]
    [InlineData("/deliveries?status=lost", HttpStatusCode.BadRequest, "status: expected applied")]
    [InlineData("/deliveries?from=yesterday", HttpStatusCode.BadRequest, "from: expected a date")]
    [InlineData("/deliveries?after=nonsense", HttpStatusCode.BadRequest, "after: expected")]
    public async Task What_cannot_be_understood_or_found_is_said_on_a_page(string address, HttpStatusCode status, string said)
    {
        using var browser = await Browser.SignedInAsync(Host);
        Assert.Contains(said, await Host.PageAsync(browser, address, status), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parked_delivery_is_replayed_from_its_page_and_that_is_written_down()
    {
        var delivery = Sent.Envelope(Sent.Write(EventTypes.TransactionsSynced, [Sent.Transaction("parked", Sent.Account())]), DateTimeOffset.UtcNow);
        await Ledger.ParkAsync(delivery, "It could not be applied.", CancellationToken.None);
        using var browser = await Browser.SignedInAsync(Host);
        var page = $"/deliveries/{delivery.Id}";
        var before = await PageAsync(browser, page);
        Assert.Contains("It could not be applied.", before, StringComparison.Ordinal);
        Assert.Contains("its delivery is parked", before, StringComparison.Ordinal);

        using (var refused = await browser.PostAsync($"{page}/replay", token: null))
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using (var done = await browser.PostAsync($"{page}/replay", await browser.TokenAsync(page)))
            Assert.Equal((HttpStatusCode.SeeOther, page), (done.StatusCode, done.Headers.Location!.OriginalString));
        Assert.Contains("It was applied again, and is applied: of 1 rows 1 applied", await PageAsync(browser, page), StringComparison.Ordinal);
        var entry = (await Host.GetAsync("/api/v1/audit?action=delivery.replay&limit=1"))["data"]![0]!;
        Assert.Equal(("operator", $"{delivery.Id}", "done"), ((string?)entry["actor"], (string?)entry["subject"], (string?)entry["outcome"]));
    }

    [Fact]
    public void A_body_is_shown_whatever_it_is()
    {
        Assert.Equal("{\n  \"a\": 1.50,\n  \"b\": \"<é>\"\n}", ShownBody.Of("""{"a":1.50,"b":"<\u00e9>"}"""u8).Text.ReplaceLineEndings("\n"));
        // Half of a surrogate pair cannot be printed anew; invisible letters and those that turn the order are spelled out.
        Assert.False(ShownBody.Of("""{"a":"\ud800"}"""u8).IsJson);
        Assert.Equal("\\u0000\\u202eno", ShownBody.Of(Encoding.UTF8.GetBytes("\0\u202eno")).Text);
        Assert.Equal("\\u202e", ShownBody.Of(Encoding.UTF8.GetBytes("\"\u202e\"")).Text.Trim('"'));
        Assert.False(ShownBody.Of("{\"a\":"u8).IsJson);
        Assert.Equal("", ShownBody.Of([]).Text);
        var deep = ShownBody.Of(Encoding.UTF8.GetBytes(new string('[', 5000) + new string(']', 5000)));
        Assert.True(deep.IsJson);
        var large = ShownBody.Of(Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, 100_000))}]"));
        Assert.True(large is { IsJson: true, IsCut: true, Text.Length: < 70_000 });
    }

    private Task<string> PageAsync(Browser browser, string address) => Host.PageAsync(browser, address);
}
