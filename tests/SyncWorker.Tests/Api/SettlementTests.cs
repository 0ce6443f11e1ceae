using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Redbark.Sync.Worker.Settlement;

namespace Redbark.Sync.Worker.Tests.Api;

public sealed class SettlementTests(ApiHost host) : IClassFixture<ApiHost>
{
    // Far ahead, so that nothing of the seed expires.
    private const string Day = "2126-11-02";

    [Fact]
    public async Task A_suggestion_shows_both_rows_and_is_a_link_once_accepted()
    {
        await host.AccountAsync(71);
        await host.TransactionAsync(7101, 71, "-50.00", status: "pending", bookedOn: Day);
        await host.TransactionAsync(7102, 71, "-55.00", bookedOn: Day);
        await SettleAsync(71);

        var suggestion = Assert.Single((await host.GetAsync("/api/v1/suggestions?accountId=71"))["data"]!.AsArray())!;
        Assert.Equal((71, "amount_differs", 75, "same payee, on the same day; the amount differs by -5 AUD"),
            ((long)suggestion["accountId"]!, (string)suggestion["kind"]!, (int)suggestion["score"]!, (string)suggestion["reason"]!));
        Assert.Equal((await host.GetAsync("/api/v1/transactions/7101")).ToJsonString(), suggestion["pending"]!.ToJsonString());
        Assert.Equal((await host.GetAsync("/api/v1/transactions/7102")).ToJsonString(), suggestion["posted"]!.ToJsonString());

        var accepted = await SendAsync(HttpMethod.Post, 200, $"/api/v1/suggestions/{suggestion["id"]}/accept", JsonContent.Create(new { note = "a tip" }));
        Assert.Equal((7101, "pending", "settled", 7102), ((long)accepted["id"]!, (string)accepted["status"]!, (string)accepted["effectiveStatus"]!, (long)accepted["settledBy"]!));
        Assert.Equal(7101, (long)(await host.GetAsync("/api/v1/transactions/7102"))["settles"]!);
        var account = await host.GetAsync("/api/v1/accounts/71");
        Assert.Equal((0, 2, "-55.00"), ((int)account["pendingCount"]!, (int)account["transactionCount"]!, (string)account["ledgerBalance"]!));
        Assert.Equal("suggestion_unknown", (string?)(await SendAsync(HttpMethod.Post, 404, $"/api/v1/suggestions/{suggestion["id"]}/accept"))["reason"]);

        Assert.Equal("pending", (string?)(await SendAsync(HttpMethod.Delete, 200, "/api/v1/transactions/7101/settle-by/7102"))["effectiveStatus"]);
        Assert.Equal("settlement_unknown", (string?)(await SendAsync(HttpMethod.Delete, 409, "/api/v1/transactions/7101/settle-by/7102"))["reason"]);
        Assert.Equal(1, (int)(await host.GetAsync("/api/v1/accounts/71"))["pendingCount"]!);
    }

    [Fact]
    public async Task A_rejected_suggestion_does_not_come_back()
    {
        await host.AccountAsync(72);
        await host.TransactionAsync(7201, 72, "-50.00", status: "pending", bookedOn: Day);
        await host.TransactionAsync(7202, 72, "-55.00", bookedOn: Day);
        await SettleAsync(72);
        var id = (await host.GetAsync("/api/v1/suggestions?accountId=72"))["data"]![0]!["id"];

        Assert.Equal("pending", (string?)(await SendAsync(HttpMethod.Post, 200, $"/api/v1/suggestions/{id}/reject"))["effectiveStatus"]);

        await SettleAsync(72);
        Assert.Empty((await host.GetAsync("/api/v1/suggestions?accountId=72"))["data"]!.AsArray());
    }

    [Fact]
    public async Task Suggestions_are_listed_newest_first_page_by_page()
    {
        await host.AccountAsync(73);
        for (var n = 0; n < 5; n++)
        {
            await host.TransactionAsync(7300 + 2 * n, 73, $"-{10 << n}.00", status: "pending", bookedOn: Day);
            await host.TransactionAsync(7301 + 2 * n, 73, $"-{(10 << n) + 1}.00", bookedOn: Day);
        }

        await SettleAsync(73);
        var all = await host.AllAsync("/api/v1/suggestions?accountId=73", limit: 2);
        Assert.Equal(5, all.Count);
        Assert.Equal(all.Select(item => (long)item["id"]!).OrderDescending(), all.Select(item => (long)item["id"]!));
    }

    [Fact]
    public async Task A_hold_sent_as_posted_counts_neither_as_posted_nor_as_pending()
    {
        await host.AccountAsync(74);
        await host.TransactionAsync(7401, 74, "-50.00", bookedOn: Day, description: "AUTHORISATION");
        await host.TransactionAsync(7402, 74, "-7.00", bookedOn: Day);
        await host.TransactionAsync(7403, 74, "-8.00", bookedOn: Day, status: "pending");
        await host.TransactionAsync(7404, 74, "-9.00", bookedOn: "2020-01-01", status: "pending");
        await SettleAsync(74);

        var account = await host.GetAsync("/api/v1/accounts/74");
        Assert.Equal(("-7.00", 1), ((string)account["ledgerBalance"]!, (int)account["pendingCount"]!));
        foreach (var (status, id) in new[] { ("hold", 7401), ("posted", 7402), ("pending", 7403), ("expired", 7404) })
            Assert.Equal(id, (long)Assert.Single((await host.GetAsync($"/api/v1/accounts/74/transactions?effectiveStatus={status}"))["data"]!.AsArray())!["id"]!);
        Assert.Empty((await host.GetAsync("/api/v1/accounts/74/transactions?effectiveStatus=settled"))["data"]!.AsArray());
    }

    [Fact]
    public async Task A_person_links_what_nothing_suggests_but_not_what_cannot_be()
    {
        await host.AccountAsync(75);
        await host.AccountAsync(76);
        await host.TransactionAsync(7501, 75, "-50.00", status: "pending", bookedOn: Day);
        await host.TransactionAsync(7502, 75, "-99.00", bookedOn: "2126-12-24");
        await host.TransactionAsync(7601, 76, "-50.00", bookedOn: Day);

        Assert.Equal("settlement_impossible", (string?)(await SendAsync(HttpMethod.Post, 409, "/api/v1/transactions/7501/settle-by/7601"))["reason"]);
        Assert.Equal("settlement_impossible", (string?)(await SendAsync(HttpMethod.Post, 409, "/api/v1/transactions/7502/settle-by/7501"))["reason"]);
        Assert.Equal(7502, (long)(await SendAsync(HttpMethod.Post, 200, "/api/v1/transactions/7501/settle-by/7502"))["settledBy"]!);
    }

    [Theory]
    [InlineData("POST", "suggestions/x/accept", 400, "parameter_invalid")]
    [InlineData("POST", "suggestions/999999/accept", 404, "suggestion_unknown")]
    [InlineData("POST", "suggestions/999999/reject", 404, "suggestion_unknown")]
    [InlineData("POST", "transactions/1/settle-by/x", 400, "parameter_invalid")]
    [InlineData("POST", "transactions/999999/settle-by/999998", 404, "transaction_unknown")]
    [InlineData("DELETE", "transactions/x/settle-by/1", 400, "parameter_invalid")]
    [InlineData("DELETE", "transactions/999999/settle-by/999998", 404, "transaction_unknown")]
    public async Task A_decision_on_what_does_not_exist_is_refused(string method, string address, int status, string reason) =>
        Assert.Equal(reason, (string?)(await SendAsync(new HttpMethod(method), status, $"/api/v1/{address}"))["reason"]);

    private Task<SettlementChange> SettleAsync(long account) => host.Services.GetRequiredService<SettlementService>().SettleAsync(account, CancellationToken.None);

    private async Task<JsonNode> SendAsync(HttpMethod method, int status, string address, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        using var answer = await host.Client.SendAsync(request);
        if (status != 200)
            return await ApiHost.ProblemAsync(status, answer);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == 200, $"{address}: {(int)answer.StatusCode} {text}\n{host.Logs.Errors}");
        return JsonNode.Parse(text)!;
    }
}
