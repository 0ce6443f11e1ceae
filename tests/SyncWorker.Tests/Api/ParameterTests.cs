namespace Redbark.Sync.Worker.Tests.Api;

public sealed class ParameterTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Theory]
    [InlineData("accounts?limit=0", "limit", "0")]
    [InlineData("accounts?limit=1001", "limit", "1001")]
    [InlineData("accounts?limit=-1", "limit", "-1")]
    [InlineData("accounts?limit=", "limit", "")]
    [InlineData("accounts?limit=ten", "limit", "ten")]
    [InlineData("accounts?limit=99999999999999999999", "limit", "99999999999999999999")]
    [InlineData("accounts?limit=1&limit=2", "limit", "1,2")]
    [InlineData("accounts/one", "id", "one")]
    [InlineData("accounts/99999999999999999999", "id", "99999999999999999999")]
    [InlineData("accounts/1/transactions?from=2026-02-30", "from", "2026-02-30")]
    [InlineData("accounts/1/transactions?from=0000-01-01", "from", "0000-01-01")]
    [InlineData("accounts/1/transactions?to=01/11/2026", "to", "01/11/2026")]
    [InlineData("accounts/1/transactions?status=POSTED", "status", "POSTED")]
    [InlineData("transactions/1.5", "id", "1.5")]
    [InlineData("transactions/x/revisions", "id", "x")]
    [InlineData("trades?accountId=acct_1", "accountId", "acct_1")]
    [InlineData("trades?symbol=%00", "symbol", "\0")]
    [InlineData("trades/x", "id", "x")]
    [InlineData("trades/x/revisions", "id", "x")]
    [InlineData("positions?accountId=", "accountId", "")]
    [InlineData("deliveries?eventId=a%00b", "eventId", "a\0b")]
    [InlineData("deliveries?runId=%00", "runId", "\0")]
    [InlineData("deliveries?type=%00", "type", "\0")]
    [InlineData("deliveries?feed=%00", "feed", "\0")]
    [InlineData("deliveries?status=lost", "status", "lost")]
    [InlineData("deliveries?from=yesterday", "from", "yesterday")]
    [InlineData("deliveries?to=2026-11-01T25:00:00Z", "to", "2026-11-01T25:00:00Z")]
    [InlineData("deliveries/1", "id", "1")]
    [InlineData("deliveries/1/body", "id", "1")]
    [InlineData("quarantine?state=closed", "state", "closed")]
    [InlineData("quarantine?reason=%00", "reason", "\0")]
    [InlineData("quarantine?deliveryId=1", "deliveryId", "1")]
    [InlineData("quarantine/x", "id", "x")]
    [InlineData("runs?feed=%00", "feed", "\0")]
    [InlineData("runs?incomplete=yes", "incomplete", "yes")]
    public async Task A_parameter_that_cannot_be_used_is_named_with_what_was_found_and_what_is_expected(string address, string parameter, string found)
    {
        var problem = await host.ProblemAsync(400, $"/api/v1/{address}");
        Assert.Equal("parameter_invalid", (string?)problem["reason"]);
        Assert.Equal(parameter, (string?)problem["parameter"]);
        Assert.Equal(found, (string?)problem["found"]);
        Assert.NotEmpty((string?)problem["expected"] ?? "");
    }

    [Fact]
    public async Task A_long_value_is_not_echoed_whole()
    {
        var problem = await host.ProblemAsync(400, $"/api/v1/accounts?limit={new string('9', 3000)}");
        Assert.Equal(101, ((string?)problem["found"])!.Length);
    }

    [Theory]
    [InlineData("'; DROP TABLE ledger.accounts; --")]
    [InlineData("%")]
    [InlineData("😀é")]
    [InlineData("\u202Eabc\uFFFF")]
    [InlineData("\u0001\u007F")]
    public async Task Odd_text_in_a_filter_matches_only_itself(string text)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        var id = Seed.DeliveryId(now);
        await host.DeliveryAsync(id, now, [], eventId: text);
        var item = Assert.Single((await host.GetAsync($"/api/v1/deliveries?eventId={Uri.EscapeDataString(text)}"))["data"]!.AsArray());
        Assert.Equal(id, (Guid)item!["id"]!);
        Assert.Equal(text, (string?)item["eventId"]);
    }

    [Theory]
    [InlineData("from=0001-01-01&to=9999-12-31")]
    [InlineData("from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59.9999999Z")]
    [InlineData("from=2026-11-01T10:00:00%2B10:00")]
    public async Task The_ends_of_time_and_other_offsets_are_times(string query) => await host.GetAsync($"/api/v1/deliveries?{query}");

    [Fact]
    public async Task The_ends_of_the_calendar_are_dates()
    {
        await host.AccountAsync(1);
        await host.GetAsync("/api/v1/accounts/1/transactions?from=0001-01-01&to=9999-12-31");
    }
}
