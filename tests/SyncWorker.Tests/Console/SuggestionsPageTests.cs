using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Redbark.Sync.Worker.Settlement;
using Redbark.Sync.Worker.Tests.Api;
using Redbark.Sync.Worker.Tests.SignIn;

namespace Redbark.Sync.Worker.Tests.Console;

public sealed class SuggestionsPageTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    // Far ahead, so that nothing of it expires.
    private const string Day = "2126-11-02";

    private ApiHost Host => console.Host;

    [Fact]
    public async Task A_pair_stands_side_by_side_is_accepted_and_taken_back()
    {
        using var browser = await Browser.SignedInAsync(Host);
        var id = await SuggestAsync(8101);
        var html = await ReadAsync(browser, "/suggestions?account=8101");
        Assert.Contains("same payee, on the same day; the amount differs by -5 AUD", html, StringComparison.Ordinal);
        Assert.Contains("differs by −5", html, StringComparison.Ordinal);
        Assert.Contains("−50.00<span class=\"unit\">\u00a0AUD</span>", html, StringComparison.Ordinal);
        Assert.Contains("−55.00<span class=\"unit\">\u00a0AUD</span>", html, StringComparison.Ordinal);
        Assert.Contains("likely one payment", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/accounts/8101\"", html, StringComparison.Ordinal);

        (await browser.PostAsync($"/suggestions/{id}/accept", await browser.TokenAsync("/suggestions"))).Dispose();
        Assert.Contains("it counts once", await ReadAsync(browser, "/suggestions"), StringComparison.Ordinal);
        Assert.Contains("Nothing to decide in this account.", await ReadAsync(browser, "/suggestions?account=8101"), StringComparison.Ordinal);
        Assert.Equal("settled", (string?)(await Host.GetAsync("/api/v1/transactions/810101"))["effectiveStatus"]);
        Assert.Equal(810101, (long)Assert.Single(await Host.AllAsync("/api/v1/suggestions/accepted", 1), link => (long)link["accountId"]! == 8101)["pending"]!["id"]!);

        html = await ReadAsync(browser, "/suggestions?show=accepted");
        Assert.Contains("/suggestions/links/810101/810102/undo", html, StringComparison.Ordinal);
        (await browser.PostAsync("/suggestions/links/810101/810102/undo", await browser.TokenAsync("/suggestions"))).Dispose();
        Assert.Contains("Taken back", await ReadAsync(browser, "/suggestions?show=accepted"), StringComparison.Ordinal);
        Assert.Equal("pending", (string?)(await Host.GetAsync("/api/v1/transactions/810101"))["effectiveStatus"]);
        Assert.Contains("/accept", await ReadAsync(browser, "/suggestions?account=8101"), StringComparison.Ordinal);
        Assert.Equal(["transaction.unlink 810101 810102 done", $"suggestion.accept {id} done"],
            (await Host.AllAsync("/api/v1/audit", 100)).Select(entry => $"{entry["action"]} {entry["subject"]} {entry["outcome"]}").Where(line => line.Contains("8101", StringComparison.Ordinal) || line.Contains($"accept {id} ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_rejected_pair_is_gone_until_that_is_taken_back()
    {
        using var browser = await Browser.SignedInAsync(Host);
        var id = await SuggestAsync(8201);
        (await browser.PostAsync($"/suggestions/{id}/reject", await browser.TokenAsync("/suggestions"))).Dispose();
        Assert.Contains("not suggested again", await ReadAsync(browser, "/suggestions"), StringComparison.Ordinal);
        Assert.Contains("Nothing to decide in this account.", await ReadAsync(browser, "/suggestions?account=8201"), StringComparison.Ordinal);
        (await browser.PostAsync($"/suggestions/{id}/reject", await browser.TokenAsync("/suggestions"))).Dispose();
        Assert.Contains($"There is no suggestion {id}.", await ReadAsync(browser, "/suggestions"), StringComparison.Ordinal);

        var rejected = Assert.Single(await Host.AllAsync("/api/v1/suggestions/rejected", 1), pair => (long)pair["accountId"]! == 8201);
        Assert.Equal((820101, 820102), ((long)rejected["pending"]!["id"]!, (long)rejected["posted"]!["id"]!));
        Assert.Contains("/suggestions/rejections/820101/820102/undo", await ReadAsync(browser, "/suggestions?show=rejected"), StringComparison.Ordinal);

        Assert.Equal("operator", (string?)rejected["by"]);

        // It outlives that the ledger is matched anew.
        await Host.Services.GetRequiredService<SettlementService>().SettleAsync(8201, CancellationToken.None);
        Assert.Contains("Nothing to decide in this account.", await ReadAsync(browser, "/suggestions?account=8201"), StringComparison.Ordinal);

        (await browser.PostAsync("/suggestions/rejections/820101/820102/undo", await browser.TokenAsync("/suggestions"))).Dispose();
        Assert.Contains("Taken back", await ReadAsync(browser, "/suggestions?show=rejected"), StringComparison.Ordinal);
        Assert.DoesNotContain("820101", await ReadAsync(browser, "/suggestions?show=rejected"), StringComparison.Ordinal);
        Assert.Contains("/accept", await ReadAsync(browser, "/suggestions?account=8201"), StringComparison.Ordinal);
        (await browser.PostAsync("/suggestions/rejections/820101/820102/undo", await browser.TokenAsync("/suggestions"))).Dispose();
        Assert.Contains("Nothing was said of transactions 820101 and 820102", await ReadAsync(browser, "/suggestions?show=rejected"), StringComparison.Ordinal);
        Assert.Equal(["suggestion.reopen 820101 820102 refused", "suggestion.reopen 820101 820102 done"],
            (await Host.AllAsync("/api/v1/audit", 100)).Select(entry => $"{entry["action"]} {entry["subject"]} {entry["outcome"]}").Where(line => line.Contains("reopen 8201", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_a_bank_writes_is_text()
    {
        using var browser = await Browser.SignedInAsync(Host);
        await SuggestAsync(8301, "<script>alert(1)</script>\"><img src=x>");
        using var answer = await browser.GetAsync("/suggestions?account=8301");
        var html = await answer.Content.ReadAsStringAsync();
        Assert.Contains("&lt;script&gt;alert(1)", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=x", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/suggestions?account=x")]
    [InlineData("/suggestions?show=lost")]
    [InlineData("/suggestions?after=made-up")]
    [InlineData("/suggestions?show=accepted&after=made-up")]
    [InlineData("/suggestions?show=rejected&after=made-up")]
    public async Task What_cannot_be_asked_for_is_a_plain_page(string address)
    {
        using var browser = await Browser.SignedInAsync(Host);
        using var answer = await browser.GetAsync(address);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("<h1>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/suggestions/{0}/accept")]
    [InlineData("/suggestions/{0}/reject")]
    public async Task Nothing_is_decided_without_the_antiforgery_token(string address)
    {
        using var browser = await Browser.SignedInAsync(Host);
        var account = address.EndsWith("accept", StringComparison.Ordinal) ? 8401 : 8501;
        var id = await SuggestAsync(account);
        using var answer = await browser.PostAsync(string.Format(null, address, id), token: null);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("/accept", await ReadAsync(browser, $"/suggestions?account={account}"), StringComparison.Ordinal);
    }

    private async Task<long> SuggestAsync(long account, string? description = null)
    {
        await Host.AccountAsync(account);
        await Host.TransactionAsync(account * 100 + 1, account, "-50.00", status: "pending", bookedOn: Day);
        await Host.TransactionAsync(account * 100 + 2, account, "-55.00", bookedOn: Day);
        if (description is not null)
            await Host.SqlAsync("UPDATE ledger.transactions SET description = $1 WHERE account_id = $2", description, account);
        await Host.Services.GetRequiredService<SettlementService>().SettleAsync(account, CancellationToken.None);
        return (long)Assert.Single((await Host.GetAsync($"/api/v1/suggestions?accountId={account}"))["data"]!.AsArray())!["id"]!;
    }

    private async Task<string> ReadAsync(Browser browser, string address)
    {
        using var answer = await browser.GetAsync(address);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{address}: {(int)answer.StatusCode}\n{Host.Logs.Errors}");
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }
}
