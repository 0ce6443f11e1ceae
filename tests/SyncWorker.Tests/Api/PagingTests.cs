using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace Redbark.Sync.Worker.Tests.Api;

public sealed class PagingTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(12)]
    [InlineData(1000)]
    public async Task Pages_of_any_size_give_every_row_once_also_among_equal_dates(int limit)
    {
        var account = 100 + limit;
        await host.AccountAsync(account);
        for (var n = 0; n < 12; n++)
            await host.TransactionAsync(account * 1000 + n, account, "1.00", bookedOn: n % 3 == 0 ? "2026-11-01" : "2026-11-02");

        var ids = (await host.AllAsync($"/api/v1/accounts/{account}/transactions", limit)).Select(item => (long)item["id"]! % 1000);
        Assert.Equal([11, 10, 8, 7, 5, 4, 2, 1, 9, 6, 3, 0], ids);
    }

    [Fact]
    public async Task What_comes_or_goes_between_two_pages_moves_nothing_else()
    {
        await host.AccountAsync(2);
        for (var n = 1; n <= 4; n++)
            await host.TransactionAsync(2000 + n, 2, "1.00", bookedOn: "2026-11-02");

        var first = await host.GetAsync("/api/v1/accounts/2/transactions?limit=2");
        Assert.Equal([2004, 2003], Ids(first));
        await host.TransactionAsync(2005, 2, "1.00", bookedOn: "2026-11-02"); // Before the cursor: not in this walk.
        await host.TransactionAsync(2006, 2, "1.00", bookedOn: "2026-11-01"); // Behind it.
        await host.SqlAsync("DELETE FROM ledger.transactions WHERE id = 2003"); // The very row that the cursor names.

        var second = await host.GetAsync($"/api/v1/accounts/2/transactions?limit=10&after={first["next"]}");
        Assert.Equal([2002, 2001, 2006], Ids(second));
        Assert.Null(second["next"]);

        static IEnumerable<long> Ids(JsonNode page) => page["data"]!.AsArray().Select(item => (long)item!["id"]!);
    }

    [Fact]
    public async Task A_last_page_that_is_full_has_no_next_one()
    {
        await host.AccountAsync(3);
        await host.TransactionAsync(3001, 3, "1.00");
        await host.TransactionAsync(3002, 3, "1.00");
        Assert.Null((await host.GetAsync("/api/v1/accounts/3/transactions?limit=2"))["next"]);
        Assert.NotNull((await host.GetAsync("/api/v1/accounts/3/transactions?limit=1"))["next"]);
    }

    [Fact]
    public async Task A_list_has_100_items_a_page_unless_asked_otherwise()
    {
        await host.AccountAsync(4);
        await host.SqlAsync("""
            INSERT INTO ledger.transactions (account_id, external_id, status, amount, currency, currency_assumed, booked_on, observed_at, content_hash, revision, delivery_id, recorded_at)
            SELECT 4, n::text, 'posted', 1, 'AUD', false, '2026-11-02', now(), gen_random_uuid(), 1, gen_random_uuid(), now() FROM generate_series(1, 1001) n
            """);
        Assert.Equal(100, (await host.GetAsync("/api/v1/accounts/4/transactions"))["data"]!.AsArray().Count);
        Assert.Equal(1000, (await host.GetAsync("/api/v1/accounts/4/transactions?limit=1000"))["data"]!.AsArray().Count);
    }

    [Fact]
    public async Task Deliveries_of_the_same_instant_and_positions_and_accounts_page_too()
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        for (var n = 0; n < 5; n++)
        {
            await host.DeliveryAsync(Seed.DeliveryId(now), now, [1], feed: "paging");
            await host.TradeAsync(500 + n, 50 + n % 2, "1", symbol: $"S{n}");
        }

        Assert.Equal(5, (await host.AllAsync("/api/v1/deliveries?feed=paging", 2)).Select(item => (string?)item["id"]).Distinct().Count());
        Assert.Equal(["S0", "S2", "S4", "S1", "S3"], (await host.AllAsync("/api/v1/positions", 2)).Select(item => (string?)item["symbol"]));
        Assert.Equal([504, 503, 502, 501, 500], (await host.AllAsync("/api/v1/trades", 2)).Select(item => (int)item["id"]!));
    }

    [Theory]
    [InlineData("accounts", "")]
    [InlineData("accounts", "!")]
    [InlineData("accounts", "AAAA")]
    [InlineData("accounts", "bnVsbA")] // null
    [InlineData("accounts", "{}")]
    [InlineData("accounts", "json:{}")]
    [InlineData("accounts", "json:{\"Id\":\"1\"}")]
    [InlineData("accounts", "json:{\"Id\":1,\"More\":2}")]
    [InlineData("accounts", "json:{\"Id\":99999999999999999999}")]
    [InlineData("accounts", "json:{\"Day\":\"2026-11-01\",\"Id\":1}")]
    [InlineData("trades", "json:{\"Id\":1}")]
    [InlineData("trades", "json:{\"Day\":\"2026-02-30\",\"Id\":1}")]
    [InlineData("deliveries", "json:{\"ReceivedAt\":\"2026-11-01T00:00:00\",\"Delivery\":\"019a4a2c-0000-7000-8000-000000000001\"}")]
    [InlineData("deliveries", "json:{\"ReceivedAt\":\"2026-11-01T00:00:00Z\",\"Delivery\":\"x\"}")]
    [InlineData("positions", "json:{\"AccountId\":1,\"Symbol\":null}")]
    [InlineData("positions", "json:{\"AccountId\":1,\"Symbol\":\"\\u0000\"}")]
    [InlineData("positions", "json:{\"AccountId\":1,\"Symbol\":\"\\ud800\"}")]
    [InlineData("runs", "json:{\"LastAt\":\"2026-11-01T00:00:00Z\",\"Feed\":\"\\u0000\",\"RunId\":\"r\",\"Type\":\"t\"}")]
    [InlineData("quarantine", "json:[1]")]
    public async Task A_cursor_that_no_page_gave_is_400(string list, string cursor)
    {
        if (cursor.StartsWith("json:", StringComparison.Ordinal))
            cursor = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(cursor["json:".Length..]));
        var problem = await host.ProblemAsync(400, $"/api/v1/{list}?after={Uri.EscapeDataString(cursor)}");
        Assert.Equal("cursor_invalid", (string?)problem["reason"]);
    }
}
