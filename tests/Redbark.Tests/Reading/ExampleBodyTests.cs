using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire.Tests;

/// <summary>The bodies of spec 2.6 as they stand there.</summary>
public sealed class ExampleBodyTests
{
    [Fact]
    public void The_body_of_docs_v1_is_read_whole()
    {
        var delivered = Assert.IsType<TransactionsDelivered>(Samples.Read(Samples.Example("transactions-docs-v1.json")));

        AssertEnvelope(delivered, "a1b2c3d4-e5f6-7890-abcd-ef1234567890", EventTypes.TransactionsSynced, 1741243200, new RunChunk("run_abc123", 1, 1, 1, 0));
        Assert.Empty(delivered.Rejected);
        Assert.Equal(
            new TransactionRow
            {
                Index = 0,
                Origin = RowOrigin.New,
                ExternalId = "txn_abc123",
                Account = new AccountReference("d4e5f6a7-b8c9-0123-4567-890abcdef012", null, "Everyday Account"),
                Status = TransactionStatus.Posted,
                MinorUnits = -4550,
                Currency = "AUD",
                BookedOn = new DateOnly(2026, 3, 5),
                OccurredAt = null,
                PostedOn = new DateOnly(2026, 3, 5),
                Description = "Woolworths Sydney",
                ExtendedDescription = null,
                MerchantName = "Woolworths",
                Category = "Groceries",
                CustomCategory = null,
                MerchantCategoryCode = null,
                Reference = null,
                Class = "payment",
            },
            Assert.Single(delivered.Rows));
    }

    [Fact]
    public void The_body_of_the_newest_shape_is_read_whole()
    {
        var delivered = Assert.IsType<TransactionsDelivered>(Samples.Read(Samples.Example("transactions-newest.json")));

        AssertEnvelope(delivered, "6f0f6a0e-6f43-4a55-9a52-0a7f1f4c2f11", EventTypes.TransactionsSynced, 1786671600, new RunChunk("run_abc123", 1, 1, 1, 1));
        Assert.Empty(delivered.Rejected);
        var account = new AccountReference("6af4be01-a492-4f4b-93c9-da6dd1f93149", "acct_47179cb447179cb447179c", "Purple Transactor Account");
        Assert.Equal(
            [
                new TransactionRow
                {
                    Index = 0,
                    Origin = RowOrigin.New,
                    ExternalId = "bank_tx_409b6d0d1bd9cb1876bd1ddf13f86b6759e228e3bbdee67e2cde6f6b3e20381b",
                    Account = account,
                    Status = TransactionStatus.Posted,
                    MinorUnits = -77000,
                    Currency = "AUD",
                    BookedOn = new DateOnly(2026, 8, 14),
                    OccurredAt = new DateTimeOffset(2026, 8, 13, 19, 35, 43, 566, TimeSpan.Zero),
                    PostedOn = new DateOnly(2026, 8, 14),
                    Description = "Ext Tfr  - NET#1234567890 to 123456 Landlord Property",
                    ExtendedDescription = null,
                    MerchantName = null,
                    Category = "RENT_AND_UTILITIES",
                    CustomCategory = null,
                    MerchantCategoryCode = null,
                    Reference = null,
                    Class = "payment",
                },
                new TransactionRow
                {
                    Index = 1,
                    Origin = RowOrigin.Updated,
                    ExternalId = "bank_tx_7d5cd2a867c8a1e77ded0c912dd822b07e82fdf8172e3617d67c49e2abc8f1b2",
                    Account = account,
                    Status = TransactionStatus.Posted,
                    MinorUnits = -30000,
                    Currency = "AUD",
                    BookedOn = new DateOnly(2026, 8, 13),
                    OccurredAt = new DateTimeOffset(2026, 8, 13, 2, 32, 5, 356, TimeSpan.Zero),
                    PostedOn = new DateOnly(2026, 8, 13),
                    Description = "Osko Payment To Savings xxxx1111",
                    ExtendedDescription = null,
                    MerchantName = null,
                    Category = "TRANSFER_OUT",
                    CustomCategory = null,
                    MerchantCategoryCode = null,
                    Reference = null,
                    Class = "transfer",
                },
            ],
            delivered.Rows);
    }

    [Fact]
    public void The_body_of_trades_is_read_whole()
    {
        var delivered = Assert.IsType<TradesDelivered>(Samples.Read(Samples.Example("trades.json")));

        AssertEnvelope(delivered, "0d0c0b0a-1111-4222-8333-444455556666", EventTypes.TradesSynced, 1776300000, new RunChunk("run_def456", 1, 1, 1, 0));
        Assert.Empty(delivered.Rejected);
        Assert.Equal(
            new TradeRow
            {
                Index = 0,
                Origin = RowOrigin.New,
                ExternalId = "2026-04-15-VOO-BUY-4652-10-2026-04-17-1-",
                Account = new AccountReference("d4e5f6a7-b8c9-0123-d4e5-f6a7b8c90123", null, "Trading Account"),
                Type = "buy",
                Symbol = "VOO",
                Name = "Vanguard S&P 500 ETF",
                Quantity = 10m,
                Price = 465.2m,
                TotalAmount = 4652m,
                Fees = 1m,
                Currency = "USD",
                TradedOn = new DateOnly(2026, 4, 15),
                SettledOn = new DateOnly(2026, 4, 17),
                Description = null,
            },
            Assert.Single(delivered.Rows));
    }

    private static void AssertEnvelope(IDelivered delivered, string id, string type, long created, RunChunk run)
    {
        var envelope = delivered.Delivery.Envelope!;
        Assert.Equal(id, envelope.EventId);
        Assert.Equal(type, envelope.Type);
        Assert.Equal("2026-03-15", envelope.ApiVersion);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(created), envelope.CreatedAt);
        Assert.Equal(envelope.CreatedAt, envelope.ObservedAt);
        Assert.Equal(run, envelope.Run);
        Assert.Empty(envelope.UnknownFields);
    }
}
