using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Tests.Api;
using Redbark.Sync.Worker.Tests.SignIn;
using Redbark.Sync.Worker.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Redbark.Sync.Worker.Tests.Console;

public sealed class OperationPageTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    private ApiHost Host => console.Host;

    [Fact]
    public async Task A_replay_is_started_from_the_page_runs_and_shows_what_came_of_it()
    {
        var at = new DateTimeOffset(2026, 7, 5, 8, 0, 0, TimeSpan.Zero);
        var delivery = Sent.Envelope(Sent.Write(EventTypes.TransactionsSynced, [Sent.Transaction("long", Sent.Account())]), at);
        await Host.Services.GetRequiredService<ILedger>().ParkAsync(delivery, "no luck", CancellationToken.None);
        using var browser = await Browser.SignedInAsync(Host);

        using (var refused = await browser.PostAsync("/operations/replay", token: null, ("from", "2026-07-05")))
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var answer = await browser.PostAsync(
            "/operations/replay", await browser.TokenAsync("/operations"), ("from", "2026-07-05"), ("to", "2026-07-05"), ("status", "parked"), ("feed", ""), ("type", ""));
        Assert.True(answer.StatusCode == HttpStatusCode.SeeOther, Host.Logs.Errors);
        var page = answer.Headers.Location!.OriginalString;
        var id = page.Split('/')[^1];
        var operation = await EndedAsync(id);
        Assert.Equal(("done", 1, "operator"), ((string?)operation["state"], (int)operation["done"]!, (string?)operation["requestedBy"]));
        Assert.Equal("applied", (string?)(await Host.GetAsync($"/api/v1/deliveries/{delivery.Id}"))["status"]);

        var html = await PageAsync(browser, page);
        Assert.Contains("The replay begins.", html, StringComparison.Ordinal);
        Assert.Contains("received from 2026-07-05 to before 2026-07-06, parked", html, StringComparison.Ordinal);
        Assert.Contains("1 of 1 deliveries", html, StringComparison.Ordinal);
        Assert.Contains($"href=\"/operations/{id}\"", await PageAsync(browser, "/operations?kind=replay&state=done"), StringComparison.Ordinal);
        var entry = (await Host.GetAsync("/api/v1/audit?action=operation.replay&outcome=done&limit=1"))["data"]![0]!;
        Assert.Equal(("operator", id), ((string?)entry["actor"], (string?)entry["subject"]));
        Assert.Equal("operation_finished", (string?)(await PostAsync(409, $"{id}/cancel", new()))["reason"]);
    }

    [Theory]
    [InlineData("replay", "2999-01-01", "", "a day or an instant that has come")]
    [InlineData("replay", "2026-07-05", "2026-07-01", "an end after the beginning")]
    [InlineData("replay", "", "", "from: expected a date")]
    [InlineData("backfill", "2999-01-01", "", "a day that has come")]
    [InlineData("backfill", "2026-07-01", "2999-01-01", "a day that has come")]
    [InlineData("backfill", "2026-07-05", "2026-07-01", "a day not before the first, 2026-07-05")]
    [InlineData("backfill", "2001-01-01", "2026-07-01", "reaches back about seven years")]
    [InlineData("backfill", "tomorrow", "", "from: expected a date")]
    public async Task A_form_that_cannot_be_used_comes_back_as_it_was_with_what_is_wrong(string kind, string from, string to, string said)
    {
        using var browser = await Browser.SignedInAsync(Host);
        using var answer = await browser.PostAsync($"/operations/{kind}", await browser.TokenAsync("/operations"), ("from", from), ("to", to));
        var html = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{(int)answer.StatusCode} {Host.Logs.Errors}");
        PageTests.AssertClean(answer, html);
        Assert.Contains(said, WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        if (from.Length > 0)
            Assert.Contains($"value=\"{from}\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_there_is_no_backfill_and_both_say_why()
    {
        using var browser = await Browser.SignedInAsync(Host);
        Assert.Contains("It cannot be started: Redbark:ApiKey is not set", await PageAsync(browser, "/operations"), StringComparison.Ordinal);
        var problem = await PostAsync(409, "backfill", new() { ["from"] = "2026-07-01", ["to"] = "2026-07-02" });
        Assert.Equal("rest_disabled", (string?)problem["reason"]);
        Assert.Equal("account_unknown", (string?)(await PostAsync(404, "backfill", new() { ["from"] = "2026-07-01", ["accountId"] = 987654 }))["reason"]);
        var entry = (await Host.GetAsync("/api/v1/audit?action=operation.backfill&limit=100"))["data"]!.AsArray();
        Assert.Contains(entry, line => (string?)line!["reason"] == "rest_disabled");
    }

    [Fact]
    public async Task One_that_waits_is_cancelled_from_its_page()
    {
        await Host.SqlAsync("""
            INSERT INTO ledger.operations (id, kind, request, state, requested_at, requested_by, not_before, total, done, doing)
            OVERRIDING SYSTEM VALUE VALUES (9001, 'backfill', '{"from": "2026-07-01", "to": "2026-07-31"}', 'queued', now(), '<b>me</b>', now() + interval '1 day', 8, 3, 'waits: <b>slow</b>')
            """);
        using var browser = await Browser.SignedInAsync(Host);
        var html = await PageAsync(browser, "/operations/9001", decode: false);
        Assert.Contains("&lt;b&gt;slow", html, StringComparison.Ordinal);
        Assert.Contains("<progress value=\"3\" max=\"8\"", html, StringComparison.Ordinal);
        Assert.Contains("data-live=\"soon\"", html, StringComparison.Ordinal);

        using (var done = await browser.PostAsync("/operations/9001/cancel", await browser.TokenAsync("/operations/9001")))
            Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);
        var after = await PageAsync(browser, "/operations/9001");
        Assert.Contains("ended by operator", after, StringComparison.Ordinal);
        Assert.DoesNotContain("/operations/9001/cancel", after, StringComparison.Ordinal);
        var entry = (await Host.GetAsync("/api/v1/audit?action=operation.cancel&outcome=done&limit=1"))["data"]![0]!;
        Assert.Equal(("operator", "9001"), ((string?)entry["actor"], (string?)entry["subject"]));
    }

    [Theory]
    [InlineData("/operations/x", HttpStatusCode.BadRequest)]
    [InlineData("/operations/99999", HttpStatusCode.NotFound)]
    [InlineData("/operations?state=lost", HttpStatusCode.BadRequest)]
    [InlineData("/operations?after=nonsense", HttpStatusCode.BadRequest)]
    public async Task What_cannot_be_understood_or_found_is_said_on_a_page(string address, HttpStatusCode status)
    {
        using var browser = await Browser.SignedInAsync(Host);
        await Host.PageAsync(browser, address, status);
    }

    private async Task<JsonNode> EndedAsync(string id)
    {
        JsonNode operation = new JsonObject();
        await Eventually.HoldsAsync(
            async () => (operation = await Host.GetAsync($"/api/v1/operations/{id}"))["finishedAt"] is not null, $"operation {id} has ended", () => $"{operation}\n{Host.Logs.Errors}");
        return operation;
    }

    private async Task<JsonNode> PostAsync(int status, string path, JsonObject body)
    {
        using var answer = await Host.Client.PostAsJsonAsync($"/api/v1/operations/{path}", body);
        return await ApiHost.ProblemAsync(status, answer);
    }

    private Task<string> PageAsync(Browser browser, string address, bool decode = true) => Host.PageAsync(browser, address, decode);
}
