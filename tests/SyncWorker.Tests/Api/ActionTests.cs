using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Ledger;

namespace Redbark.Sync.Worker.Tests.Api;

public sealed class ActionTests(ApiHost host) : IClassFixture<ApiHost>
{
    private ILedger Ledger => host.Services.GetRequiredService<ILedger>();

    [Fact]
    public async Task A_parked_delivery_that_is_replayed_becomes_applied()
    {
        var delivery = NewDelivery(Body("replay", amount: "-4550"));
        await Ledger.ParkAsync(delivery, "It could not be applied.", CancellationToken.None);
        Assert.Equal("parked", (string?)(await host.GetAsync($"/api/v1/deliveries/{delivery.Id}"))["status"]);

        var replayed = await PostAsync(200, $"/api/v1/deliveries/{delivery.Id}/replay");
        Assert.Equal("applied", (string?)replayed["status"]);
        Assert.Equal(1, (int)replayed["applied"]!);
        Assert.NotNull((string?)replayed["replayedAt"]);
        Assert.Equal(replayed.ToJsonString(), (await host.GetAsync($"/api/v1/deliveries/{delivery.Id}")).ToJsonString());
        Assert.Equal("-45.50", (string?)(await TransactionAsync("replay"))!["amount"]);
    }

    [Fact]
    public async Task Replaying_what_is_applied_changes_nothing()
    {
        var delivery = NewDelivery(Body("again", amount: "100"));
        await Ledger.ApplyAsync(DeliveryReader.Read(delivery, BodyStore.Unpack(delivery.Body)), CancellationToken.None);
        var before = await TransactionAsync("again");

        await PostAsync(200, $"/api/v1/deliveries/{delivery.Id}/replay");
        Assert.Equal(before!.ToJsonString(), (await TransactionAsync("again"))!.ToJsonString());
    }

    [Theory]
    [InlineData("deliveries/019a4a2c-0000-7000-8000-000000000001/replay", 404, "delivery_unknown")]
    [InlineData("deliveries/ffffffff-ffff-7fff-bfff-ffffffffffff/replay", 404, "delivery_unknown")]
    [InlineData("deliveries/x/replay", 400, "parameter_invalid")]
    [InlineData("quarantine/999999/retry", 404, "quarantine_item_unknown")]
    [InlineData("quarantine/999999/drop", 404, "quarantine_item_unknown")]
    [InlineData("quarantine/x/retry", 400, "parameter_invalid")]
    [InlineData("quarantine/x/drop", 400, "parameter_invalid")]
    public async Task An_action_on_what_does_not_exist_is_refused(string address, int status, string reason) =>
        Assert.Equal(reason, (string?)(await PostAsync(status, $"/api/v1/{address}"))["reason"]);

    [Fact]
    public async Task A_row_that_has_become_usable_is_applied_by_a_retry()
    {
        // As an older reader would have seen it: the row is fine, but was not understood.
        var delivery = NewDelivery(Body("usable", amount: "-100"));
        var message = (TransactionsDelivered)DeliveryReader.Read(delivery, BodyStore.Unpack(delivery.Body));
        var rejected = new RejectedRow(0, RowOrigin.New, RowRejection.AmountInvalid, "amount is odd", "usable", "{}");
        await Ledger.ApplyAsync(message with { Rows = [], Rejected = [rejected] }, CancellationToken.None);
        var item = await QuarantinedAsync(delivery.Id);

        var retried = await PostAsync(200, $"/api/v1/quarantine/{item}/retry");
        Assert.Equal("applied", (string?)retried["state"]);
        Assert.NotNull((string?)retried["resolvedAt"]);
        Assert.Equal("-1.00", (string?)(await TransactionAsync("usable"))!["amount"]);
        Assert.Equal("quarantine_item_resolved", (string?)(await PostAsync(409, $"/api/v1/quarantine/{item}/retry"))["reason"]);
        Assert.Equal("quarantine_item_resolved", (string?)(await PostAsync(409, $"/api/v1/quarantine/{item}/drop"))["reason"]);
    }

    [Fact]
    public async Task A_row_that_is_still_bad_stays_open_until_it_is_dropped()
    {
        var delivery = NewDelivery(Body("bad", amount: "\"much\""));
        await Ledger.ApplyAsync(DeliveryReader.Read(delivery, BodyStore.Unpack(delivery.Body)), CancellationToken.None);
        var item = await QuarantinedAsync(delivery.Id);
        Assert.Equal("open", (string?)(await PostAsync(200, $"/api/v1/quarantine/{item}/retry"))["state"]);

        var dropped = await PostAsync(200, $"/api/v1/quarantine/{item}/drop", JsonContent.Create(new { note = "A test of the bank’s" }));
        Assert.Equal("dropped", (string?)dropped["state"]);
        Assert.Equal("A test of the bank’s", (string?)dropped["note"]);
        var after = await host.GetAsync($"/api/v1/deliveries/{delivery.Id}");
        Assert.Equal((0, 1), ((int)after["quarantined"]!, (int)after["ignored"]!));
    }

    [Fact]
    public async Task A_drop_needs_no_body_but_one_that_is_there_must_be_readable()
    {
        await host.QuarantineAsync(5001, Guid.CreateVersion7());
        const string drop = "/api/v1/quarantine/5001/drop";
        Assert.Equal("request_invalid", (string?)(await PostAsync(400, drop, Text("{\"note\":")))["reason"]);
        Assert.Equal("request_invalid", (string?)(await PostAsync(400, drop, Text("{\"note\":1}")))["reason"]);
        Assert.Equal("media_type_unsupported", (string?)(await PostAsync(415, drop, Text("note", "text/plain")))["reason"]);
        Assert.Equal("note", (string?)(await PostAsync(400, drop, JsonContent.Create(new { note = new string('x', 2001) })))["parameter"]);
        Assert.Equal("note", (string?)(await PostAsync(400, drop, JsonContent.Create(new { note = "a\0b" })))["parameter"]);
        Assert.Null((string?)(await PostAsync(200, drop))["note"]);

        static StringContent Text(string text, string type = "application/json") => new(text, Encoding.UTF8, type);
    }

    private static byte[] Body(string id, string amount) => Encoding.UTF8.GetBytes($$$"""
        {"id":"{{{Guid.NewGuid()}}}","object":"event","type":"transactions.synced","api_version":"2026-03-15","created":1790985600,
         "data":{"new":[{"id":"{{{id}}}","account_id":"7b6d1c1e-5c1b-4a52-8d6c-0c3a4f1f9a01","account_name":"Everyday","status":"posted","amount":{{{amount}}},
          "currency":"AUD","local_date":"2026-10-02"}],"updated":[]},"metadata":{}}
        """);

    private static Delivery NewDelivery(byte[] body)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        return new Delivery
        {
            Id = Guid.CreateVersion7(now),
            Feed = "redbark",
            TimeZone = "Australia/Sydney",
            ReceivedAt = now,
            SignedAt = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()),
            Headers = new Dictionary<string, string> { ["user-agent"] = "Redbark-Webhook/1.0" },
            SecretName = "Secrets:0",
            Body = BodyStore.Pack(body),
        };
    }

    private async Task<JsonNode?> TransactionAsync(string externalId)
    {
        foreach (var account in await host.AllAsync("/api/v1/accounts", 100))
        {
            var rows = await host.AllAsync($"/api/v1/accounts/{account["id"]}/transactions", 100);
            if (rows.Find(row => (string?)row["externalId"] == externalId) is { } found)
                return found;
        }

        return null;
    }

    private async Task<long> QuarantinedAsync(Guid delivery) =>
        (long)Assert.Single((await host.GetAsync($"/api/v1/quarantine?deliveryId={delivery}"))["data"]!.AsArray())!["id"]!;

    private async Task<JsonNode> PostAsync(int status, string address, HttpContent? content = null)
    {
        using var answer = await host.Client.PostAsync(address, content);
        if (status != 200)
            return await ApiHost.ProblemAsync(status, answer);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == 200, $"{address}: {(int)answer.StatusCode} {text}\n{host.Logs.Errors}");
        return JsonNode.Parse(text)!;
    }
}
