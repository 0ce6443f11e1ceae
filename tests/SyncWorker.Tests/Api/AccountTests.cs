namespace Redbark.Sync.Worker.Tests.Api;

public sealed class AccountTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task An_account_comes_with_the_sum_of_its_posted_rows_in_its_own_currency()
    {
        await host.AccountAsync(11, name: "Everyday");
        await host.TransactionAsync(1101, 11, "-45.50");
        await host.TransactionAsync(1102, 11, "100.00");
        await host.TransactionAsync(1103, 11, "-7.00", status: "pending");
        await host.TransactionAsync(1104, 11, "-500", currency: "JPY");
        await host.TransactionAsync(1105, 11, "-1.250", currency: "KWD");
        await host.TransactionAsync(1106, 11, "3.00", currency: "EUR", status: "pending");

        ApiHost.AssertJson("""
            {"id":11,"provider":"redbark","externalId":"external-11","publicId":"acct_11","name":"Everyday","currency":"AUD","ledgerBalance":"54.50",
             "otherBalances":[{"currency":"JPY","amount":"-500"},{"currency":"KWD","amount":"-1.250"}],"transactionCount":6,"pendingCount":2,
             "firstSeenAt":"2026-11-03T12:00:00Z","lastDeliveryAt":"2026-11-03T13:00:00.25Z",
             "institution":null,"feed":null,"firstBookedOn":"2026-11-02","newestBookedOn":"2026-11-02","proof":null}
            """, await host.GetAsync("/api/v1/accounts/11"));
    }

    [Theory]
    [InlineData(21, "AUD", "0.00")]
    [InlineData(22, "JPY", "0")]
    [InlineData(23, "KWD", "0.000")]
    [InlineData(24, null, null)]
    public async Task A_balance_of_nothing_has_the_scale_of_the_currency(long id, string? currency, string? expected)
    {
        await host.AccountAsync(id, currency);
        Assert.Equal(expected, (string?)(await host.GetAsync($"/api/v1/accounts/{id}"))["ledgerBalance"]);
    }

    [Fact]
    public async Task A_balance_beyond_any_machine_number_is_exact()
    {
        await host.AccountAsync(31);
        await host.TransactionAsync(3101, 31, "92233720368547758.07");
        await host.TransactionAsync(3102, 31, "92233720368547758.07");
        await host.TransactionAsync(3103, 31, "0.01");
        Assert.Equal("184467440737095516.15", (string?)(await host.GetAsync("/api/v1/accounts/31"))["ledgerBalance"]);
    }

    [Fact]
    public async Task The_list_holds_what_the_item_holds_ordered_by_id()
    {
        await host.AccountAsync(42);
        await host.AccountAsync(41);
        await host.TransactionAsync(4101, 41, "1.00");

        var all = await host.AllAsync("/api/v1/accounts", limit: 2);
        Assert.Equal(all.Select(account => (long)account["id"]!).Order(), all.Select(account => (long)account["id"]!));
        Assert.Equal((await host.GetAsync("/api/v1/accounts/41")).ToJsonString(), all.Single(account => (long)account["id"]! == 41).ToJsonString());
    }

    [Theory]
    [InlineData("/api/v1/accounts/999999")]
    [InlineData("/api/v1/accounts/999999/transactions")]
    public async Task An_unknown_account_is_404(string address) => Assert.Equal("account_unknown", (string?)(await host.ProblemAsync(404, address))["reason"]);
}
