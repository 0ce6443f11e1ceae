namespace Redbark.Sync.Worker.Tests.Api;

public sealed class QuarantineTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly Guid Delivery = Guid.Parse("019a4a2c-0000-7000-8000-00000000000a");

    [Fact]
    public async Task An_item_is_the_same_in_the_list_and_by_its_id_and_holds_the_row_as_it_stood()
    {
        await host.QuarantineAsync(101, Delivery, rawJson: """{"amount": "x\u0000",  "note":"é"}""");

        const string item = """
            {"id":101,"state":"open","reason":"amount_invalid","detail":"amount is \"x\"; an integer of minor units is expected","kind":"transaction",
             "deliveryId":"019a4a2c-0000-7000-8000-00000000000a","rowIndex":4,"origin":"new","externalId":"bank_tx_9","accountId":null,
             "rawJson":"{\"amount\": \"x\\u0000\",  \"note\":\"é\"}","note":null,"edited":false,"correctedJson":null,"decidedBy":null,"createdAt":"2026-11-03T12:00:00Z","resolvedAt":null}
            """;
        ApiHost.AssertJson(item, await host.GetAsync("/api/v1/quarantine/101"));
        ApiHost.AssertJson($$"""{"data":[{{item}}],"next":null}""", await host.GetAsync($"/api/v1/quarantine?deliveryId={Delivery}"));
    }

    [Fact]
    public async Task The_list_can_be_narrowed_by_state_reason_and_delivery()
    {
        var other = Guid.CreateVersion7();
        await host.QuarantineAsync(201, other, reason: "sign_mismatch");
        await host.QuarantineAsync(202, other, reason: "date_missing", state: "dropped");
        await host.QuarantineAsync(203, other, reason: "date_missing", state: "applied");

        Assert.Equal([203, 202, 201], await IdsAsync($"deliveryId={other}"));
        Assert.Equal([201], await IdsAsync($"deliveryId={other}&state=open"));
        Assert.Equal([203, 202], await IdsAsync("reason=date_missing"));
        Assert.Equal([202], await IdsAsync("reason=date_missing&state=dropped"));
        Assert.Equal([203, 202, 201], (await host.AllAsync($"/api/v1/quarantine?deliveryId={other}", 1)).Select(item => (long)item["id"]!));

        async Task<List<long>> IdsAsync(string query) =>
            (await host.GetAsync($"/api/v1/quarantine?{query}"))["data"]!.AsArray().Select(item => (long)item!["id"]!).ToList();
    }

    [Fact]
    public async Task An_unknown_item_is_404() =>
        Assert.Equal("quarantine_item_unknown", (string?)(await host.ProblemAsync(404, "/api/v1/quarantine/999999"))["reason"]);
}
