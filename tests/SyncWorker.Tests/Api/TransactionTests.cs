namespace Redbark.Sync.Worker.Tests.Api;

public sealed class TransactionTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string First = """
        {"id":101,"accountId":1,"externalId":"bank_tx_101","status":"posted","effectiveStatus":"posted","settledBy":null,"settles":null,"amount":"-45.50",
         "currency":"AUD","currencyAssumed":false,"bookedOn":"2026-11-02","postedOn":null,"occurredAt":"2026-11-03T12:00:00Z","description":"Café – “Bondi”","extendedDescription":null,"merchantName":"Coles","category":"GROCERIES",
         "customCategory":null,"merchantCategoryCode":"5411","reference":"R-1","class":null,"revision":1,"observedAt":"2026-11-03T12:00:00Z",
         "deliveryId":"019a4a2c-0000-7000-8000-000000000001","recordedAt":"2026-11-03T12:00:00Z"}
        """;

    private static readonly Guid Delivery = Guid.Parse("019a4a2c-0000-7000-8000-000000000001");

    [Fact]
    public async Task A_transaction_is_the_same_in_the_list_and_by_its_id()
    {
        await host.AccountAsync(1);
        await host.TransactionAsync(101, 1, "-45.50", description: "Café – “Bondi”", delivery: Delivery);

        ApiHost.AssertJson(First, await host.GetAsync("/api/v1/transactions/101"));
        ApiHost.AssertJson($$"""{"data":[{{First}}],"next":null}""", await host.GetAsync("/api/v1/accounts/1/transactions"));
    }

    [Fact]
    public async Task The_list_can_be_narrowed_by_booking_date_and_status()
    {
        await host.AccountAsync(2);
        await host.TransactionAsync(201, 2, "1.00", bookedOn: "2026-10-30");
        await host.TransactionAsync(202, 2, "2.00", bookedOn: "2026-10-31");
        await host.TransactionAsync(203, 2, "3.00", bookedOn: "2026-11-01", status: "pending");
        await host.TransactionAsync(204, 2, "4.00", bookedOn: "2026-11-02");

        Assert.Equal([204, 203, 202, 201], await IdsAsync(""));
        Assert.Equal([203, 202], await IdsAsync("?from=2026-10-31&to=2026-11-01"));
        Assert.Equal([203], await IdsAsync("?status=pending"));
        Assert.Equal([202, 201], await IdsAsync("?status=posted&to=2026-10-31"));
        Assert.Empty(await IdsAsync("?from=2026-12-01"));

        async Task<IEnumerable<long>> IdsAsync(string query) =>
            (await host.GetAsync($"/api/v1/accounts/2/transactions{query}"))["data"]!.AsArray().Select(item => (long)item!["id"]!).ToList();
    }

    [Fact]
    public async Task Every_version_is_listed_newest_first_with_its_delivery_and_its_times()
    {
        await host.AccountAsync(3);
        await host.TransactionAsync(301, 3, "-1.00", status: "pending", delivery: Delivery);
        await host.SqlAsync("SELECT ledger.ensure_partition('transaction_revisions', '2026-11-03')");
        await host.SqlAsync("""
            UPDATE ledger.transactions SET status = 'posted', amount = -1.20, revision = 2, content_hash = gen_random_uuid(),
                delivery_id = '019a4a2c-0000-7000-8000-000000000002', recorded_at = '2026-11-03T13:00:00.123456Z', observed_at = '2026-11-03T12:59:00Z' WHERE id = 301
            """);

        var versions = await host.GetAsync("/api/v1/transactions/301/revisions");
        ApiHost.AssertJson("""
            {"data":[
             {"revision":2,"accountId":3,"externalId":"bank_tx_301","status":"posted","amount":"-1.20","currency":"AUD","currencyAssumed":false,"bookedOn":"2026-11-02",
              "postedOn":null,"occurredAt":"2026-11-03T12:00:00Z","description":null,"extendedDescription":null,"merchantName":"Coles","category":"GROCERIES",
              "customCategory":null,"merchantCategoryCode":"5411","reference":"R-1","class":null,"observedAt":"2026-11-03T12:59:00Z",
              "deliveryId":"019a4a2c-0000-7000-8000-000000000002","recordedAt":"2026-11-03T13:00:00.123456Z","supersededAt":null,"removed":false},
             {"revision":1,"accountId":3,"externalId":"bank_tx_301","status":"pending","amount":"-1.00","currency":"AUD","currencyAssumed":false,"bookedOn":"2026-11-02",
              "postedOn":null,"occurredAt":"2026-11-03T12:00:00Z","description":null,"extendedDescription":null,"merchantName":"Coles","category":"GROCERIES",
              "customCategory":null,"merchantCategoryCode":"5411","reference":"R-1","class":null,"observedAt":"2026-11-03T12:00:00Z",
              "deliveryId":"019a4a2c-0000-7000-8000-000000000001","recordedAt":"2026-11-03T12:00:00Z","supersededAt":"2026-11-03T13:00:00.123456Z","removed":false}],
             "next":null}
            """, versions);

        var paged = await host.AllAsync("/api/v1/transactions/301/revisions", limit: 1);
        Assert.Equal([2, 1], paged.Select(version => (int)version["revision"]!));
    }

    [Fact]
    public async Task A_removed_transaction_is_gone_but_its_versions_are_not()
    {
        await host.AccountAsync(4);
        await host.TransactionAsync(401, 4, "1.00");
        await host.SqlAsync("DELETE FROM ledger.transactions WHERE id = 401");

        await host.ProblemAsync(404, "/api/v1/transactions/401");
        var version = Assert.Single((await host.GetAsync("/api/v1/transactions/401/revisions"))["data"]!.AsArray());
        Assert.True((bool)version!["removed"]!);
    }

    [Theory]
    [InlineData("/api/v1/transactions/999999")]
    [InlineData("/api/v1/transactions/999999/revisions")]
    public async Task An_unknown_transaction_is_404(string address) => Assert.Equal("transaction_unknown", (string?)(await host.ProblemAsync(404, address))["reason"]);
}
