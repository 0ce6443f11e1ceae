using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire.Tests;

public sealed class EnvelopeTests
{
    [Theory]
    [InlineData("1790985000", "2026-10-02T23:50:00Z")]
    [InlineData("\"1790985000\"", "2026-10-02T23:50:00Z")]
    [InlineData("1790985000000", "2026-10-02T23:50:00Z")]
    [InlineData("\"2026-10-02T23:50:00.000Z\"", "2026-10-02T23:50:00Z")]
    [InlineData("\"2026-10-03T09:50:00+10:00\"", "2026-10-02T23:50:00Z")]
    [InlineData("1791072000", "2026-10-04T00:00:00Z")]
    [InlineData("1000000000", "2001-09-09T01:46:40Z")]
    public void A_delivery_is_ranked_by_the_time_of_its_event(string created, string observedAt)
    {
        var envelope = Read(created);
        Assert.Equal(DateTimeOffset.Parse(observedAt), envelope.ObservedAt);
        Assert.Equal(envelope.ObservedAt, envelope.CreatedAt);
    }

    [Theory]
    [InlineData("null", false)]
    [InlineData("0", false)]
    [InlineData("-1", false)]
    [InlineData("\"soon\"", false)]
    [InlineData("\"2026-10-02\"", false)]
    [InlineData("{}", false)]
    [InlineData("1e30", false)]
    [InlineData("1791072001", true)]
    public void Without_a_credible_time_the_signature_ranks_it(string created, bool isTime)
    {
        var envelope = Read(created);
        Assert.Equal(Samples.SignedAt, envelope.ObservedAt);
        Assert.Equal(isTime, envelope.CreatedAt is not null);
    }

    [Theory]
    [InlineData("\" Transactions.Synced \"")]
    [InlineData("\"TRANSACTIONS.SYNCED\"")]
    public void The_type_is_known_in_any_letter_case(string type) =>
        Assert.Equal("transactions.synced", Assert.IsType<TransactionsDelivered>(Samples.Read($$"""{"type":{{type}},"data":{} }""")).Delivery.Envelope!.Type);

    [Theory]
    [InlineData("""{"id":"evt_123","object":"event","type":"sync_run.succeeded","livemode":true,"created":"2026-10-03T00:00:00.000Z"}""", "sync_run.succeeded")]
    [InlineData("""{"id":"evt_123","object":"event","type":"transactions.synced","created":"2026-10-03T00:00:00.000Z"}""", "transactions.synced")]
    [InlineData("""{"id":"x","type":"transactions.synced","livemode":true,"data":{"url":"https://example.test"}}""", "transactions.synced")]
    [InlineData("""{"id":"x","type":"holdings.synced","data":{"new":[{}]}}""", "holdings.synced")]
    [InlineData("""{"type":" Holdings.Synced ","data":7}""", "Holdings.Synced")]
    [InlineData("""{"type":"transactions_synced","data":{"new":[]}}""", "transactions_synced")]
    public void Thin_events_and_unknown_types_are_unrecognised(string body, string type) =>
        Assert.Equal(type, Assert.IsType<UnrecognisedDelivered>(Samples.Read(body)).Delivery.Envelope!.Type);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"new":[],"updated":[]}""")]
    [InlineData("""{"new":null,"updated":null}""")]
    [InlineData("""{"updated":[]}""")]
    public void A_delivery_without_rows_is_empty(string data)
    {
        var delivered = Assert.IsType<TransactionsDelivered>(Samples.Read($$"""{"id":"e1","type":"transactions.synced","data":{{data}}}"""));
        Assert.Empty(delivered.Rows);
        Assert.Empty(delivered.Rejected);
    }

    [Theory]
    [InlineData("""{"id":"e1","type":"transactions.synced"}""", "data is missing")]
    [InlineData("""{"id":"e1","type":"transactions.synced","data":null}""", "data is null")]
    [InlineData("""{"id":"e1","type":"trades.synced","data":[]}""", "data is an array")]
    [InlineData("""{"id":"e1","type":"transactions.synced","data":{"new":{}}}""", "data.new is an object")]
    [InlineData("""{"id":"e1","type":"transactions.synced","data":{"new":[],"updated":"x"}}""", "data.updated is a string")]
    [InlineData("""{"id":"e1","data":{"new":[]}}""", "type is missing")]
    [InlineData("""{"id":"e1","type":"","data":{"new":[]}}""", "type is a string")]
    [InlineData("""{"id":"e1","type":7,"data":{"new":[]}}""", "type is a number")]
    public void Another_shape_is_unreadable_and_keeps_its_envelope(string body, string reason)
    {
        var delivered = Assert.IsType<UnreadableDelivered>(Samples.Read(body));
        Assert.StartsWith(reason, delivered.Reason);
        Assert.Equal("e1", delivered.Delivery.Envelope!.EventId);
    }

    [Theory]
    [InlineData("[]", "The body is an array")]
    [InlineData("\"text\"", "The body is a string")]
    [InlineData("null", "The body is null")]
    [InlineData("", "The body is empty")]
    [InlineData("\uFEFF", "The body is empty")]
    public void What_is_no_object_is_unreadable(string body, string reason)
    {
        var delivered = Assert.IsType<UnreadableDelivered>(Samples.Read(body));
        Assert.StartsWith(reason, delivered.Reason);
        Assert.Null(delivered.Delivery.Envelope);
    }

    [Fact]
    public void A_truncated_body_is_unreadable_and_keeps_what_stood_before_the_cut()
    {
        var whole = Samples.Example("transactions-newest.json");
        for (var length = 0; length < whole.Length; length++)
        {
            var delivered = Assert.IsType<UnreadableDelivered>(Samples.Read(whole[..length]));
            Assert.DoesNotContain("Landlord", delivered.Reason);
            if (length > 200)
            {
                var envelope = delivered.Delivery.Envelope!;
                Assert.Equal(("6f0f6a0e-6f43-4a55-9a52-0a7f1f4c2f11", "transactions.synced", "2026-03-15"), (envelope.EventId, envelope.Type, envelope.ApiVersion));
                Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1786671600), envelope.ObservedAt);
            }
        }
    }

    [Fact]
    public void The_reason_names_the_place_of_an_error_and_no_content() =>
        Assert.Equal(
            "The body is not JSON, ends too early or is nested deeper than 8192 levels: line 2, byte 9.",
            Assert.IsType<UnreadableDelivered>(Samples.Read("{\"id\":1,\n\"type\": secret}")).Reason);

    [Theory]
    [InlineData("""{"sync_run_id":"r","new_count":3,"updated_count":2,"chunk":4,"total_chunks":5}""", "r", 4, 5, 3, 2)]
    [InlineData("""{"syncRunId":"r","newCount":"3","updatedCount":"2","chunk":"4","totalChunks":5.0}""", "r", 4, 5, 3, 2)]
    [InlineData("""{"sync_run_id":17}""", "17", null, null, null, null)]
    [InlineData("""{"sync_run_id":"r","new_count":-1,"updated_count":1e30,"chunk":0,"total_chunks":"many"}""", "r", null, null, null, null)]
    public void A_run_is_read_with_what_it_says(string metadata, string id, int? chunk, int? total, int? @new, int? updated) =>
        Assert.Equal(
            new RunChunk(id, chunk, total, @new, updated),
            Samples.Read($$"""{"type":"transactions.synced","data":{},"metadata":{{metadata}}}""").Delivery.Envelope!.Run);

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"sync_run_id":null,"chunk":1}""")]
    [InlineData("""{"sync_run_id":""}""")]
    public void A_body_may_name_no_run(string metadata) =>
        Assert.Null(Samples.Read($$"""{"type":"transactions.synced","data":{},"metadata":{{metadata}}}""").Delivery.Envelope!.Run);

    [Fact]
    public void Unknown_names_are_counted_by_their_path()
    {
        var delivered = Samples.Read("""
            {"type":"transactions.synced","surprise":1,"rows":[{}],"data":{"new":[{"x":1},{"x":2,"y\u0000":3},{"é":1}],"removed":[{"id":"1"}],"updated":[{"x":{}}]},
             "metadata":{"region":"au"}}
            """);
        Assert.Equal(
            new Dictionary<string, int>
            {
                ["surprise"] = 1, ["rows"] = 1, ["data.removed"] = 1, ["metadata.region"] = 1,
                ["data.new.x"] = 2, ["data.new.y\uFFFD"] = 1, ["data.new.é"] = 1, ["data.updated.x"] = 1,
            },
            delivered.Delivery.Envelope!.UnknownFields);
    }

    [Fact]
    public void Of_many_unknown_names_the_first_hundred_are_kept_and_the_others_counted_together()
    {
        var names = string.Join(",", Enumerable.Range(0, 5000).Select(i => $"\"n{i}\":0"));
        var unknown = Samples.ReadTransactions($"{{{names}}},{{{names}}}").Delivery.Envelope!.UnknownFields;
        Assert.Equal(101, unknown.Count);
        Assert.Equal(10_000, unknown.Values.Sum());
        Assert.Equal(2, unknown["data.new.n99"]);
        Assert.Equal(9800, unknown["*"]);
    }

    [Fact]
    public void A_long_unknown_name_is_cut()
    {
        var name = Assert.Single(Samples.ReadTransactions($$"""{"{{new string('é', 100_000)}}":1}""").Delivery.Envelope!.UnknownFields).Key;
        Assert.Equal("data.new." + new string('é', 100), name);
    }

    [Fact]
    public void Names_too_long_for_an_index_are_not_taken_from_the_envelope()
    {
        var text = new string('x', 5000);
        var envelope = Samples.Read($$"""{"id":"{{text}}","type":"{{text}}","api_version":"{{text}}","metadata":{"sync_run_id":"{{text}}"} }""").Delivery.Envelope!;
        Assert.Equal((null, new string('x', 100), null, null), (envelope.EventId, envelope.Type, envelope.ApiVersion, envelope.Run));
    }

    [Fact]
    public void The_rest_of_the_delivery_is_passed_on_as_it_is()
    {
        var delivery = Samples.Delivery();
        var read = DeliveryReader.Read(delivery, Samples.Example("trades.json")).Delivery;
        Assert.Equal(delivery, read with { Envelope = null });
    }

    private static Envelope Read(string created) =>
        Samples.Read($$"""{"id":"e1","type":"transactions.synced","created":{{created}},"data":{"new":[]} }""").Delivery.Envelope!;
}
