using System.Text;
using System.Text.Json.Nodes;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire.Tests;

public sealed class EnvelopeWriterTests
{
    [Fact]
    public void The_example_of_docs_v1_is_written_field_for_field()
    {
        var body = EnvelopeWriter.Write(
            new WireEnvelope
            {
                Id = "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
                Type = EventTypes.TransactionsSynced,
                Created = 1741243200,
                New =
                [
                    new WireTransaction
                    {
                        Id = "txn_abc123",
                        Amount = -4550,
                        Description = "Woolworths Sydney",
                        AccountId = "d4e5f6a7-b8c9-0123-4567-890abcdef012",
                        AccountName = "Everyday Account",
                        TransactionDate = "2026-03-05",
                        PostDate = "2026-03-05",
                        MerchantName = "Woolworths",
                        Category = "Groceries",
                    },
                ],
                Metadata = new WireMetadata("run_abc123", 1, 0),
            },
            WireShape.DocsV1);

        Assert.Equal(Compact(Samples.Example("transactions-docs-v1.json")), Encoding.UTF8.GetString(body));
    }

    [Fact]
    public void The_example_of_trades_is_written_field_for_field()
    {
        var body = EnvelopeWriter.Write(new WireEnvelope
        {
            Id = "0d0c0b0a-1111-4222-8333-444455556666",
            Type = EventTypes.TradesSynced,
            Created = 1776300000,
            New =
            [
                new WireTrade
                {
                    Id = "2026-04-15-VOO-BUY-4652-10-2026-04-17-1-",
                    AccountId = "d4e5f6a7-b8c9-0123-d4e5-f6a7b8c90123",
                    AccountName = "Trading Account",
                    Symbol = "VOO",
                    Name = "Vanguard S&P 500 ETF",
                    Type = "buy",
                    Quantity = "10",
                    Price = "465.2",
                    Currency = "usd",
                    TotalAmount = "4652",
                    Fees = "1",
                    TradeDate = "2026-04-15",
                    SettlementDate = "2026-04-17",
                },
            ],
            Metadata = new WireMetadata("run_def456", 1, 0),
        });

        Assert.Equal(Compact(Samples.Example("trades.json")), Encoding.UTF8.GetString(body));
    }

    [Fact]
    public void The_newest_shape_has_every_field()
    {
        var body = EnvelopeWriter.Write(new WireEnvelope
        {
            Id = "e",
            Type = EventTypes.TransactionsSynced,
            Created = 1,
            Updated = [new WireTransaction { Id = "1", Amount = 5, PreviousAttributes = new JsonObject { ["status"] = "pending" } }],
        });

        Assert.Equal(
            """
            {"id":"e","object":"event","type":"transactions.synced","api_version":"2026-03-15","created":1,"data":{"new":[],"updated":[{"id":"1","object":"transaction","amount":5,"currency":"aud","status":"posted","description":null,"direction":"credit","class":"payment","account_id":null,"account_public_id":null,"account_name":null,"account":null,"local_date":null,"transaction_date":null,"post_date":null,"merchant_name":null,"category":null,"custom_category":null,"merchant_category_code":null,"reference":null,"extended_description":null,"previous_attributes":{"status":"pending"}}]}}
            """,
            Encoding.UTF8.GetString(body));
    }

    [Fact]
    public void A_raw_row_is_written_as_it_is()
    {
        var delivered = Samples.Read(EnvelopeWriter.Write(new WireEnvelope
        {
            Id = "e",
            Type = EventTypes.TransactionsSynced,
            Created = 1_790_985_000,
            New = [new WireRawRow("""{ "id": "é", "amount": "lots" }"""), new WireTransaction { Id = "2", Amount = 0, AccountId = "a", LocalDate = "2026-08-14" }],
        }));

        var transactions = Assert.IsType<TransactionsDelivered>(delivered);
        Assert.Equal("""{ "id": "é", "amount": "lots" }""", Assert.Single(transactions.Rejected).RawJson);
        Assert.Equal(1, Assert.Single(transactions.Rows).Index);
    }

    [Fact]
    public void Instants_have_seven_fractional_digits_and_days_none()
    {
        var instant = new DateTimeOffset(2026, 8, 14, 5, 35, 43, 566, TimeSpan.FromHours(10));
        Assert.Equal("2026-08-13T19:35:43.5660000Z", WireTime.Instant(instant));
        Assert.Equal("2026-08-14", WireTime.Date(new DateOnly(2026, 8, 14)));
    }

    private static string Compact(byte[] json) =>
        string.Concat(Encoding.UTF8.GetString(json).Split('\n').Select(line => line.TrimStart(' ')));
}
