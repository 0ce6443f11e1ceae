using System.Text;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire.Tests;

/// <summary>What a signed body must not be able to do: throw, cost another row, or vanish.</summary>
public sealed class HostileBodyTests
{
    private static readonly string Good = Samples.TransactionJson();

    [Theory]
    [InlineData("not json at all")]
    [InlineData("{\"type\":\"transactions.synced\",\"data\":{\"new\":[{\"id\":\"1\",\"amount\":NaN}]}}")]
    [InlineData("{\"type\":\"transactions.synced\",\"data\":{\"new\":[]}} trailing")]
    [InlineData("{\"type\":\"transactions.synced\",\"data\":{\"new\":[]}}{}")]
    [InlineData("{\"type\":\"transactions.synced\",\"data\":{\"new\":[1,]}}")]
    [InlineData("{\"type\":\"transactions.synced\",/* note */\"data\":{}}")]
    [InlineData("{\"type\":\"transactions.synced\",\"data\":{\"new\":[\"raw \0 byte\"]}}")]
    [InlineData("{'type':'transactions.synced'}")]
    [InlineData("\0\0\0\0")]
    [InlineData("   ")]
    [InlineData("\uFEFF\uFEFF{}")]
    public void What_is_not_json_is_unreadable(string body) => Assert.IsType<UnreadableDelivered>(Samples.Read(body));

    [Fact]
    public void A_body_in_another_encoding_is_unreadable()
    {
        var text = Samples.Body("transactions.synced", Good);
        Assert.IsType<UnreadableDelivered>(Samples.Read(Encoding.Unicode.GetBytes(text)));
        Assert.IsType<UnreadableDelivered>(Samples.Read(Encoding.UTF32.GetBytes(text)));
        Assert.IsType<UnreadableDelivered>(Samples.Read(BodyStore.Pack(Encoding.UTF8.GetBytes(text)).GZip));
    }

    [Fact]
    public void A_byte_order_mark_is_skipped() =>
        Assert.Single(Assert.IsType<TransactionsDelivered>(Samples.Read("\uFEFF" + Samples.Body("transactions.synced", Good))).Rows);

    [Fact]
    public void Ten_thousand_rows_are_read()
    {
        var rows = Enumerable.Range(0, 10_000).Select(i => i % 10 == 0 ? "17" : Samples.TransactionJson(("id", $"\"{i}\"")));
        var delivered = Samples.ReadTransactions(string.Join(",", rows));
        Assert.Equal((9000, 1000), (delivered.Rows.Count, delivered.Rejected.Count));
        Assert.Equal(Enumerable.Range(0, 10_000), delivered.Rows.Select(row => row.Index).Concat(delivered.Rejected.Select(row => row.Index)).Order());
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(8000)]
    public void A_row_nested_deep_costs_no_other_row(int depth)
    {
        var deep = Samples.TransactionJson(("deep", new string('[', depth) + new string(']', depth)));
        var deepDescription = Samples.TransactionJson(("description", string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth)));
        var delivered = Samples.ReadTransactions($"{Good},{deep},{deepDescription},{Good}");
        Assert.Equal(4, delivered.Rows.Count);
        Assert.Equal(1, delivered.Delivery.Envelope!.UnknownFields["data.new.deep"]);
    }

    [Fact]
    public void A_rejected_row_nested_deep_is_kept_whole()
    {
        var deep = new string('[', 5000) + new string(']', 5000);
        Assert.Equal(deep, Assert.Single(Samples.ReadTransactions(deep).Rejected).RawJson);
    }

    [Fact]
    public void Nesting_beyond_all_measure_is_unreadable()
    {
        var body = Samples.Body("transactions.synced", new string('[', 1_000_000));
        var delivered = Assert.IsType<UnreadableDelivered>(Samples.Read(body));
        Assert.Equal("e1", delivered.Delivery.Envelope!.EventId);
    }

    [Fact]
    public void An_envelope_nested_deep_is_read_even_when_it_is_cut_off()
    {
        var deep = new string('[', 5000) + new string(']', 5000);
        var delivered = Assert.IsType<UnreadableDelivered>(Samples.Read($$"""{"metadata":{{deep}},"surprise":{{deep}},"id":"e1","type":"trades.sy"""));
        Assert.Equal("e1", delivered.Delivery.Envelope!.EventId);
    }

    [Fact]
    public void Invalid_utf8_in_text_becomes_the_replacement_character()
    {
        var delivered = ReadBytes(("description", "Caf\xFF!"));
        Assert.Equal("Caf\uFFFD!", Assert.Single(delivered.Rows).Description);
    }

    [Fact]
    public void Invalid_utf8_in_an_id_rejects_the_row_and_is_replaced_in_its_copy()
    {
        var rejected = Assert.Single(ReadBytes(("id", "a\xFFz")).Rejected);
        Assert.Equal(RowRejection.IdMissing, rejected.Reason);
        Assert.Contains("a\uFFFDz", rejected.RawJson);
    }

    [Fact]
    public void A_replacement_character_that_was_sent_is_no_damage() => Assert.Equal("a\uFFFDz", Samples.Row(("id", "\"a\uFFFDz\"")).ExternalId);

    [Fact]
    public void A_lone_surrogate_or_a_nul_in_the_envelope_does_no_harm()
    {
        var delivered = Samples.Read("""{"id":"\ud800","type":"x\u0000\udfff","api_version":"\u0000","created":"\ud800","metadata":{"sync_run_id":"\ud800","chunk":"\ud800"}}""");
        var envelope = Assert.IsType<UnrecognisedDelivered>(delivered).Delivery.Envelope!;
        Assert.Equal((null, "x\uFFFD\uFFFD", null, null), (envelope.EventId, envelope.Type, envelope.ApiVersion, envelope.Run));
    }

    [Fact]
    public void A_megabyte_of_digits_is_rejected_quickly()
    {
        var rejected = Samples.Rejection(("amount", new string('9', 1_000_000)));
        Assert.Equal(RowRejection.AmountInvalid, rejected.Reason);
        Assert.Equal(1_000_000, rejected.RawJson.Count(c => c == '9') - Good.Count(c => c == '9'));
    }

    [Fact]
    public void A_digit_ground_small_and_blown_up_again_is_still_exact()
    {
        var tiny = $"-0.{new string('0', 99_999)}1";
        Assert.Equal(-1, Samples.Row(("amount", $"{tiny}e100000")).MinorUnits);
        Assert.Equal(RowRejection.AmountInvalid, Samples.Rejection(("amount", $"{tiny}e99999")).Reason);
        Assert.Equal(RowRejection.AmountInvalid, Samples.Rejection(("amount", $"{tiny}e150000")).Reason);
    }

    [Fact]
    public void Data_given_twice_counts_once_and_the_last_time() =>
        Assert.Single(Assert.IsType<TransactionsDelivered>(
            Samples.Read($$"""{"data":{"new":[1,2,3]},"type":"transactions.synced","data":{"new":[4],"new":[{{Good}}] } }""")).Rows);

    /// <summary>A row with a field of raw bytes: each character of the value is one byte.</summary>
    private static TransactionsDelivered ReadBytes((string Name, string Latin1) field)
    {
        var row = Samples.TransactionJson((field.Name, $"\"{field.Latin1}\""));
        return Assert.IsType<TransactionsDelivered>(Samples.Read(Encoding.Latin1.GetBytes(Samples.Body("transactions.synced", row))));
    }
}
