using System.Net;
using System.Text;

namespace Redbark.Sync.Worker.Tests.Api;

public sealed class DeliveryTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());

    [Fact]
    public async Task A_delivery_is_the_same_in_the_list_and_by_its_id()
    {
        var id = Seed.DeliveryId(Now);
        await host.DeliveryAsync(id, Now, "{}"u8.ToArray(), eventId: "evt-shape", runId: "run-shape");

        var received = Now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ");
        var signed = Now.AddSeconds(-1).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ");
        var delivery = $$"""
            {"id":"{{id}}","feed":"redbark","status":"applied","receivedAt":"{{received}}","signedAt":"{{signed}}","recordedAt":"{{signed}}","replayedAt":null,
             "eventId":"evt-shape","type":"transactions.synced","apiVersion":"2026-03-15","createdAt":"{{signed}}","observedAt":"{{signed}}","runId":"run-shape",
             "chunk":1,"totalChunks":2,"secretName":"Secrets:0","timeZone":"Australia/Sydney","headers":{"user-agent":"Redbark-Webhook/1.0"},"bodyLength":2,
             "bodySha256":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","unknownFields":{"mood":2},"duplicateOf":null,"conflictsWith":null,
             "error":null,"rows":6,"applied":3,"unchanged":1,"quarantined":1,"ignored":1,"ignoredReasons":{"stale":1} }
            """;
        ApiHost.AssertJson(delivery, await host.GetAsync($"/api/v1/deliveries/{id}"));
        ApiHost.AssertJson($$"""{"data":[{{delivery}}],"next":null}""", await host.GetAsync("/api/v1/deliveries?eventId=evt-shape"));
    }

    [Fact]
    public async Task The_list_can_be_narrowed_by_everything_a_delivery_says_of_itself()
    {
        var early = Now.AddDays(-40);
        var (first, second, third) = (Seed.DeliveryId(early), Seed.DeliveryId(early.AddMilliseconds(1)), Seed.DeliveryId(early.AddSeconds(1)));
        await host.DeliveryAsync(first, early, [1], eventId: "n-1", runId: "n-run", feed: "narrow");
        await host.DeliveryAsync(second, early.AddMilliseconds(1), [2], eventId: "n-2", runId: "n-run", feed: "narrow", type: "trades.synced", status: "parked");
        await host.DeliveryAsync(third, early.AddSeconds(1), [3], eventId: "n-3", feed: "narrow", type: null, status: "unreadable");

        Assert.Equal([third, second, first], await IdsAsync("feed=narrow"));
        Assert.Equal([second, first], await IdsAsync("runId=n-run"));
        Assert.Equal([third], await IdsAsync("eventId=n-3"));
        Assert.Equal([second], await IdsAsync("type=trades.synced"));
        Assert.Equal([second], await IdsAsync("status=parked"));
        Assert.Equal([third], await IdsAsync("status=unreadable&feed=narrow"));
        Assert.Equal([third], await IdsAsync($"feed=narrow&from={early.AddSeconds(1):yyyy-MM-ddTHH:mm:ssZ}"));
        Assert.Equal([second, first], await IdsAsync($"feed=narrow&to={early.AddSeconds(1):yyyy-MM-ddTHH:mm:ssZ}"));
        Assert.Equal([third, second, first], await IdsAsync($"from={early:yyyy-MM-dd}&to={early:yyyy-MM-dd}"));
        Assert.Empty(await IdsAsync("runId=n-run&status=unreadable"));

        async Task<List<Guid>> IdsAsync(string query) =>
            (await host.GetAsync($"/api/v1/deliveries?{query}"))["data"]!.AsArray().Select(item => (Guid)item!["id"]!).ToList();
    }

    [Fact]
    public async Task The_body_is_given_back_byte_for_byte()
    {
        byte[] body = [0xEF, 0xBB, 0xBF, 0xFF, 0x00, 0xC3, 0x28, .. Encoding.UTF8.GetBytes("é</script>"), 0x80];
        var id = Seed.DeliveryId(Now);
        await host.DeliveryAsync(id, Now, body, status: "unreadable", type: null);

        using var answer = await host.Client.GetAsync($"/api/v1/deliveries/{id}/body");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(body, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task An_empty_body_is_given_back_empty()
    {
        var id = Seed.DeliveryId(Now);
        await host.DeliveryAsync(id, Now, [], status: "unreadable");
        Assert.Empty(await host.Client.GetByteArrayAsync($"/api/v1/deliveries/{id}/body"));
    }

    [Fact]
    public async Task The_body_of_a_duplicate_is_that_of_the_original()
    {
        var (original, duplicate) = (Seed.DeliveryId(Now), Seed.DeliveryId(Now.AddSeconds(1)));
        await host.DeliveryAsync(original, Now, "original"u8.ToArray());
        await host.DeliveryAsync(duplicate, Now.AddSeconds(1), "original"u8.ToArray(), status: "duplicate", duplicateOf: original);

        Assert.Equal("original", await host.Client.GetStringAsync($"/api/v1/deliveries/{duplicate}/body"));
        Assert.Equal(original, (Guid)(await host.GetAsync($"/api/v1/deliveries/{duplicate}"))["duplicateOf"]!);
    }

    [Theory]
    [InlineData("019a4a2c-0000-7000-8000-000000000001")] // A time before any partition.
    [InlineData("ffffffff-ffff-7fff-bfff-ffffffffffff")] // A time after the last one there is.
    [InlineData("8f14e45f-ceea-467f-a8b1-7e2c1a9f0b3d")] // No time at all.
    public async Task An_unknown_delivery_is_404(string id)
    {
        Assert.Equal("delivery_unknown", (string?)(await host.ProblemAsync(404, $"/api/v1/deliveries/{id}"))["reason"]);
        Assert.Equal("delivery_body_unknown", (string?)(await host.ProblemAsync(404, $"/api/v1/deliveries/{id}/body"))["reason"]);
    }
}
