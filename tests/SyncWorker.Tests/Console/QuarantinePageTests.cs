using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Tests.Api;
using Redbark.Sync.Worker.Tests.SignIn;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Console;

public sealed class QuarantinePageTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    private readonly string _account = Sent.Account();

    private ApiHost Host => console.Host;

    [Fact]
    public async Task The_list_shows_what_waits_and_its_filters_narrow_it()
    {
        using var browser = await Browser.SignedInAsync(Host);
        var (first, delivery) = await QuarantineAsync("list-a", "\"much\"");
        var (second, _) = await QuarantineAsync("list-b", "1", ",\"direction\":\"debit\"");
        var html = await ReadAsync(browser, "/quarantine");
        Assert.Contains($"<a href=\"/quarantine/{first}\"", html, StringComparison.Ordinal);
        Assert.Contains("The amount is not a whole number of cents", html, StringComparison.Ordinal);
        Assert.Contains($"href=\"/deliveries/{delivery}\"", html, StringComparison.Ordinal);

        html = await ReadAsync(browser, $"/quarantine?state=open&reason=sign_mismatch&delivery=");
        Assert.Contains($"/quarantine/{second}\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain($"/quarantine/{first}\"", html, StringComparison.Ordinal);
        html = await ReadAsync(browser, $"/quarantine?state=&delivery={delivery}");
        Assert.Contains($"/quarantine/{first}\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain($"/quarantine/{second}\"", html, StringComparison.Ordinal);
        Assert.Contains("No row is like that.", await ReadAsync(browser, $"/quarantine?state=dropped&delivery={delivery}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/quarantine?state=lost", 400)]
    [InlineData("/quarantine?delivery=7", 400)]
    [InlineData("/quarantine?reason=a%00b", 400)]
    [InlineData("/quarantine?after=made-up", 400)]
    [InlineData("/quarantine/x", 400)]
    [InlineData("/quarantine/-1", 400)]
    [InlineData("/quarantine/999999999", 404)]
    public async Task What_cannot_be_asked_for_is_a_plain_page(string address, int status)
    {
        using var browser = await Browser.SignedInAsync(Host);
        using var answer = await browser.GetAsync(address);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains("<h1>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_is_shown_as_it_was_sent_with_what_is_wrong_marked_and_nothing_in_it_is_markup()
    {
        using var browser = await Browser.SignedInAsync(Host);
        var (item, delivery) = await QuarantineAsync("<script>alert(1)</script>", "\"</pre><img src=x onerror=alert(2)>\"", ",\"nested\":{\"amount\":[1,{}]},\"description\":\"</textarea>\\ud800\"");
        using var answer = await browser.GetAsync($"/quarantine/{item}");
        var html = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, Host.Logs.Errors);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=x", html, StringComparison.Ordinal);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(html, "</textarea>"));
        Assert.Contains("<mark>  &quot;amount&quot;: &quot;&lt;/pre&gt;&lt;img src=x onerror=alert(2)&gt;&quot;,</mark>", html, StringComparison.Ordinal);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(html, "<mark>"));
        Assert.Contains("must be a whole number of the currency", html, StringComparison.Ordinal);
        Assert.Contains($"href=\"/deliveries/{delivery}\"", html, StringComparison.Ordinal);
        Assert.Contains("\\ud800", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_correction_enters_the_ledger_and_is_undone_and_both_are_written_down()
    {
        using var browser = await Browser.SignedInAsync(Host);
        var (item, delivery) = await QuarantineAsync("page-edit", "\"much\"");
        var page = $"/quarantine/{item}";
        using (var done = await browser.PostAsync($"{page}/edit", await browser.TokenAsync(page), ("json", Row("page-edit", "-4550").Replace(",", ",\r\n", StringComparison.Ordinal)), ("note", "from the statement")))
        {
            Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);
            Assert.Equal(page, done.Headers.Location!.OriginalString);
        }

        var html = await ReadAsync(browser, page);
        Assert.Contains("The row was corrected and is in the ledger.", html, StringComparison.Ordinal);
        Assert.Contains("from the statement", html, StringComparison.Ordinal);
        Assert.Contains(">corrected</span>", html, StringComparison.Ordinal);
        Assert.Contains("by operator", html, StringComparison.Ordinal);
        Assert.Contains("<mark>  \"amount\": -4550,</mark>", html, StringComparison.Ordinal);
        Assert.Contains("<mark>  \"amount\": \"much\",</mark>", html, StringComparison.Ordinal);
        Assert.Equal("-45.50", await AmountAsync("page-edit"));
        Assert.Equal("applied", (string?)(await Host.GetAsync($"/api/v1/deliveries/{delivery}/rows"))["data"]![0]!["fate"]);
        Assert.Equal("applied", (string?)(await Host.GetAsync($"/api/v1/quarantine/{item}"))["state"]);

        (await browser.PostAsync($"{page}/undo", await browser.TokenAsync(page))).Dispose();
        Assert.Contains("It was taken back", await ReadAsync(browser, page), StringComparison.Ordinal);
        Assert.Null(await AmountAsync("page-edit"));
        Assert.Equal("quarantined", (string?)(await Host.GetAsync($"/api/v1/deliveries/{delivery}/rows"))["data"]![0]!["fate"]);
        Assert.Equal(["quarantine.undo done", "quarantine.edit done"], await AuditAsync(item));
    }

    [Fact]
    public async Task A_correction_that_cannot_be_used_says_why_and_keeps_what_was_typed()
    {
        using var browser = await Browser.SignedInAsync(Host);
        var (item, _) = await QuarantineAsync("page-refused", "\"much\"");
        var page = $"/quarantine/{item}";
        await AssertRefusedAsync(Row("page-refused", "1.5"), "amount is a number that is not an integer", 422);
        await AssertRefusedAsync("{\"id\": \"<b>half", "the text is not JSON", 422);
        await AssertRefusedAsync(Row("another", "1"), "a correction must be of the same row", 422);
        await AssertRefusedAsync("", "the row", 400);
        await AssertRefusedAsync(Row("page-refused", "1", $",\"x\":\"{new string('x', 270_000)}\""), "at most 262144", 422);
        Assert.Null(await AmountAsync("page-refused"));
        Assert.Equal(5, (await AuditAsync(item)).Count(entry => entry == "quarantine.edit refused"));

        async Task AssertRefusedAsync(string json, string why, int status)
        {
            using var answer = await browser.PostAsync($"{page}/edit", await browser.TokenAsync(page), ("json", json), ("note", "a <note>"));
            var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
            Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode}\n{Host.Logs.Errors}");
            Assert.Contains(why, html, StringComparison.OrdinalIgnoreCase);
            Assert.Contains($"{json}</textarea>", html, StringComparison.Ordinal);
            Assert.Contains("value=\"a <note>\"", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_row_is_retried_and_dropped_and_the_drop_undone()
    {
        using var browser = await Browser.SignedInAsync(Host);
        var (item, _) = await QuarantineAsync("page-drop", "\"much\"");
        var page = $"/quarantine/{item}";
        (await browser.PostAsync($"{page}/retry", await browser.TokenAsync(page))).Dispose();
        Assert.Contains("still cannot be used", await ReadAsync(browser, page), StringComparison.Ordinal);
        (await browser.PostAsync($"{page}/drop", await browser.TokenAsync(page), ("note", "a test of the bank's"))).Dispose();
        Assert.Contains("a test of the bank's", await ReadAsync(browser, page), StringComparison.Ordinal);
        (await browser.PostAsync($"{page}/drop", await browser.TokenAsync(page), ("note", "again"))).Dispose();
        Assert.Contains("is not open any more: it is dropped", await ReadAsync(browser, page), StringComparison.Ordinal);
        (await browser.PostAsync($"{page}/undo", await browser.TokenAsync(page))).Dispose();
        Assert.Equal("open", (string?)(await Host.GetAsync($"/api/v1/quarantine/{item}"))["state"]);
        Assert.Equal(["quarantine.undo done", "quarantine.drop refused", "quarantine.drop done", "quarantine.retry done"], await AuditAsync(item));
    }

    [Theory]
    [InlineData("retry")]
    [InlineData("edit")]
    [InlineData("drop")]
    [InlineData("undo")]
    public async Task Nothing_is_done_without_the_antiforgery_token(string action)
    {
        using var browser = await Browser.SignedInAsync(Host);
        var (item, _) = await QuarantineAsync($"page-token-{action}", "\"much\"");
        using var answer = await browser.PostAsync($"/quarantine/{item}/{action}", token: null, ("json", Row($"page-token-{action}", "1")), ("note", "x"));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("open", (string?)(await Host.GetAsync($"/api/v1/quarantine/{item}"))["state"]);
        using var anonymous = new Browser(Host);
        using var refused = await anonymous.PostAsync($"/quarantine/{item}/{action}", token: null);
        Assert.NotEqual(HttpStatusCode.OK, refused.StatusCode);
    }

    private string Row(string id, string amount, string more = "") =>
        $$"""{"id":"{{id}}","account_id":"{{_account}}","status":"posted","amount":{{amount}},"currency":"AUD","local_date":"2026-10-02"{{more}}}""";

    private async Task<(long Item, Guid Delivery)> QuarantineAsync(string id, string amount, string more = "")
    {
        var message = Sent.Body($$$"""{"id":"{{{Guid.NewGuid()}}}","type":"transactions.synced","created":1790985600,"data":{"new":[{{{Row(id, amount, more)}}}]}}""");
        await Host.Services.GetRequiredService<ILedger>().ApplyAsync(message, CancellationToken.None);
        var items = (await Host.GetAsync($"/api/v1/quarantine?deliveryId={message.Delivery.Id}"))["data"]!.AsArray();
        return ((long)Assert.Single(items)!["id"]!, message.Delivery.Id);
    }

    private async Task<string?> AmountAsync(string id)
    {
        var account = (await Host.AllAsync("/api/v1/accounts", 100)).Find(account => (string?)account["externalId"] == _account);
        return account is null ? null
            : (string?)(await Host.AllAsync($"/api/v1/accounts/{account["id"]}/transactions", 100)).Find(row => (string?)row["externalId"] == id)?["amount"];
    }

    private async Task<List<string>> AuditAsync(long item) =>
        [.. (await Host.AllAsync("/api/v1/audit", 100)).Where(entry => (string?)entry["subject"] == $"{item}").Select(entry => $"{entry["action"]} {entry["outcome"]}")];

    private async Task<string> ReadAsync(Browser browser, string address)
    {
        using var answer = await browser.GetAsync(address);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{address}: {(int)answer.StatusCode}\n{Host.Logs.Errors}");
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }
}
