using System.Text.Json.Nodes;
using Redbark.Sync.Worker.Tests.Api;

namespace Redbark.Sync.Worker.Tests.Gaps;

public sealed class GapApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task A_gap_is_shown_with_what_was_read_for_it_and_found_by_state_kind_and_account()
    {
        await host.AccountAsync(81);
        await GapAsync(8101, "missing_chunk", "healed", rows: 4);
        await GapAsync(8102, "silent_feed", "failed", account: 81, amount: "-12.50");
        await host.SqlAsync("""
            INSERT INTO ledger.gap_reads (gap_id, provider_account_id, account_id, from_day, to_day, days, counts, read_at, not_older_than, rows, applied, delivery_ids,
                truncated_days, unusable)
            VALUES (8101, 5, 81, '2026-11-01', '2026-11-05', 5, 0, now(), now(), 9, 4, '{00000000-0000-0000-0000-000000000081}', '{2026-11-03}', '{"amount_invalid": 2}')
            """);

        var gap = await host.GetAsync("/api/v1/gaps/8101");
        Assert.Equal(("missing_chunk", "healed", "2026-11-01", "2026-11-05", 4, "[2,3]"),
            ((string)gap["kind"]!, (string)gap["state"]!, (string)gap["from"]!, (string)gap["to"]!, (int)gap["rowsApplied"]!, gap["missingChunks"]!.ToJsonString()));
        var read = Assert.Single(gap["reads"]!.AsArray())!;
        Assert.Equal((5, 81, 9, 4, """["2026-11-03"]""", """{"amount_invalid":2}"""),
            ((int)read["balanceId"]!, (int)read["accountId"]!, (int)read["rows"]!, (int)read["applied"]!, read["truncatedDays"]!.ToJsonString(), read["unusable"]!.ToJsonString()));
        Assert.Equal("-12.50", (string?)(await host.GetAsync("/api/v1/gaps/8102"))["amount"]);

        Assert.Equal([8102, 8101], await IdsAsync("accountId=81"));
        Assert.Equal([8102], await IdsAsync("state=failed&accountId=81"));
        Assert.Equal([8101], await IdsAsync("kind=missing_chunk&accountId=81"));
        var first = await host.GetAsync("/api/v1/gaps?accountId=81&limit=1");
        Assert.Equal([8101], await IdsAsync($"accountId=81&limit=1&after={first["next"]}"));
    }

    [Fact]
    public async Task A_gap_that_is_not_healed_can_be_read_anew()
    {
        await GapAsync(8201, "silent_feed", "empty");
        await GapAsync(8202, "missing_chunk", "healed");
        await GapAsync(8203, "silent_feed", "healing");

        var gap = await PostAsync(200, 8201);
        Assert.Equal(("open", null, null), ((string)gap["state"]!, gap["closedAt"], gap["notBefore"]));
        Assert.Equal("gap_healed", (string?)(await PostAsync(409, 8202))["reason"]);
        Assert.Equal("gap_healing", (string?)(await PostAsync(409, 8203))["reason"]);
        Assert.Equal("gap_unknown", (string?)(await PostAsync(404, 8299))["reason"]);
    }

    [Theory]
    [InlineData(400, "/api/v1/gaps?state=lost")]
    [InlineData(400, "/api/v1/gaps?kind=lost")]
    [InlineData(400, "/api/v1/gaps?accountId=x")]
    [InlineData(400, "/api/v1/gaps/x")]
    [InlineData(404, "/api/v1/gaps/8999")]
    public async Task What_cannot_be_understood_or_found_is_a_problem(int status, string address) => await host.ProblemAsync(status, address);

    private Task GapAsync(long id, string kind, string state, int rows = 0, long? account = null, string? amount = null) => host.SqlAsync("""
        INSERT INTO ledger.gaps (id, kind, key, account_id, missing_chunks, from_day, to_day, amount, as_of, detected_at, opened_at, state, attempts, closed_at, rows_read, rows_applied)
        OVERRIDING SYSTEM VALUE VALUES ($1, $2, $1::text, $3, '{2,3}', '2026-11-01', '2026-11-05', $4::numeric, now(), now(), now(), $5, 1,
            CASE WHEN $5 IN ('healed', 'empty') THEN now() END, $6, $6)
        """, id, kind, account, amount, state, rows);

    private async Task<List<int>> IdsAsync(string query) => [.. (await host.GetAsync($"/api/v1/gaps?{query}"))["data"]!.AsArray().Select(gap => (int)gap!["id"]!)];

    private async Task<JsonNode> PostAsync(int status, long id)
    {
        using var answer = await host.Client.PostAsync($"/api/v1/gaps/{id}/retry", null);
        Assert.Equal(status, (int)answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }
}
