using FsCheck;
using FsCheck.Fluent;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire.Tests;

/// <summary>What is written is read as it was meant.</summary>
public sealed class RoundTripProperties
{
    private static readonly Gen<string> Text =
        Gen.Elements(["a", "Z", "0", " ", "é", "–", "😀", "\"", "\\", "/", "\n", "\t", "\u0001", "\uFFFD", "<", "&", "漢", "x"])
            .ArrayOf().Where(parts => parts.Length > 0).Select(string.Concat);

    private static readonly Gen<string?> MaybeText = Gen.OneOf(Text.Select(text => (string?)text), Gen.Constant((string?)null));

    private static readonly Gen<string> Id = Gen.Elements("abcdef0123456789".ToCharArray()).ArrayOf(12).Select(letters => "bank_tx_" + string.Concat(letters));

    private static readonly Gen<DateTimeOffset> Instant =
        Gen.Choose(0, 2_000_000_000).Zip(Gen.Choose(0, 999_999), (seconds, micros) => DateTimeOffset.FromUnixTimeSeconds(seconds).AddMicroseconds(micros));

    private static readonly Gen<DateOnly> Day = Instant.Select(instant => DateOnly.FromDateTime(instant.DateTime));

    private static readonly Gen<decimal> Figure = Gen.Choose(int.MinValue, int.MaxValue).Two().Zip(Gen.Choose(0, 18), (halves, scale) =>
        new decimal(halves.Item1, halves.Item2 & int.MaxValue, 0, halves.Item1 < 0, (byte)scale));

    private static readonly Gen<(WireTransaction Wire, TransactionRow Row)> Transaction =
        from id in Id
        from amount in Gen.Choose(int.MinValue, int.MaxValue).Two().Select(halves => (long)halves.Item1 * halves.Item2)
        from currency in Gen.Elements("aud", "AUD", "jpy", "kwd", null)
        from posted in Gen.Elements(true, false)
        from accountId in Gen.Elements("6af4be01-a492-4f4b-93c9-da6dd1f93149", "acc_abc123")
        from texts in MaybeText.ArrayOf(9)
        from bookedOn in Day
        from occurredAt in Instant
        from postedAt in Day
        select (
            new WireTransaction
            {
                Id = id,
                Amount = amount,
                Currency = currency,
                Status = posted ? "posted" : "pending",
                AccountId = accountId,
                AccountPublicId = "acct_1",
                AccountName = texts[0],
                LocalDate = WireTime.Date(bookedOn),
                TransactionDate = WireTime.Instant(occurredAt),
                PostDate = WireTime.Date(postedAt),
                Description = texts[1],
                ExtendedDescription = texts[2],
                MerchantName = texts[3],
                Category = texts[4],
                CustomCategory = texts[5],
                MerchantCategoryCode = texts[6],
                Reference = texts[7],
                Class = texts[8],
            },
            new TransactionRow
            {
                Index = 0,
                Origin = RowOrigin.New,
                ExternalId = id,
                Account = new AccountReference(accountId, "acct_1", texts[0]),
                Status = posted ? TransactionStatus.Posted : TransactionStatus.Pending,
                MinorUnits = amount,
                Currency = currency?.ToUpperInvariant(),
                BookedOn = bookedOn,
                OccurredAt = occurredAt,
                PostedOn = postedAt,
                Description = texts[1],
                ExtendedDescription = texts[2],
                MerchantName = texts[3]?.Trim() is { Length: > 0 } merchant ? merchant : null,
                Category = texts[4],
                CustomCategory = texts[5],
                MerchantCategoryCode = texts[6],
                Reference = texts[7],
                Class = texts[8],
            });

    private static readonly Gen<(WireTrade Wire, TradeRow Row)> Trade =
        from id in Id
        from type in Gen.Elements("buy", "sell", "dividend")
        from texts in MaybeText.ArrayOf(3)
        from figures in Figure.ArrayOf(4)
        from tradedOn in Day
        from settledOn in Day
        select (
            new WireTrade
            {
                Id = id,
                AccountId = "a",
                AccountPublicId = "acct_1",
                AccountName = texts[0],
                Symbol = "VOO",
                Name = texts[1],
                Type = type,
                Quantity = $"{figures[0]}",
                Price = $"{figures[1]}",
                TotalAmount = $"{figures[2]}",
                Fees = $"{figures[3]}",
                Currency = "usd",
                TradeDate = WireTime.Date(tradedOn),
                SettlementDate = WireTime.Date(settledOn),
                Description = texts[2],
            },
            new TradeRow
            {
                Index = 0,
                Origin = RowOrigin.New,
                ExternalId = id,
                Account = new AccountReference("a", "acct_1", texts[0]),
                Type = type,
                Symbol = "VOO",
                Name = texts[1],
                Quantity = figures[0],
                Price = figures[1],
                TotalAmount = figures[2],
                Fees = figures[3],
                Currency = "USD",
                TradedOn = tradedOn,
                SettledOn = settledOn,
                Description = texts[2],
            });

    [Fact]
    public void Transactions_in_the_newest_shape_are_read_as_they_were_written() => Prop.ForAll(
        Transaction.ArrayOf().ToArbitrary(), Transaction.ArrayOf().ToArbitrary(),
        (news, updates) =>
        {
            var delivered = (TransactionsDelivered)Read(
                EventTypes.TransactionsSynced, [.. news.Select(row => row.Wire)], [.. updates.Select(row => row.Wire)], WireShape.Newest);
            return delivered.Rejected.Count == 0
                && delivered.Rows.SequenceEqual(Expected(news, updates).Select(row => row.Row with { Index = row.Index, Origin = row.Origin }));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Transactions_in_the_shape_of_docs_v1_are_read_but_for_what_it_lacks() => Prop.ForAll(
        Transaction.ToArbitrary(),
        transaction =>
        {
            var wire = transaction.Wire with { TransactionDate = transaction.Wire.LocalDate };
            var delivered = (TransactionsDelivered)Read(EventTypes.TransactionsSynced, [wire], [], WireShape.DocsV1);
            var row = transaction.Row;
            return delivered.Rows.Single() == row with
            {
                Account = row.Account with { PublicId = null },
                OccurredAt = null,
                CustomCategory = null,
                Reference = null,
                ExtendedDescription = null,
            };
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Trades_are_read_as_they_were_written() => Prop.ForAll(
        Trade.ArrayOf().ToArbitrary(),
        trades =>
        {
            var delivered = (TradesDelivered)Read(EventTypes.TradesSynced, [.. trades.Select(row => row.Wire)], [], WireShape.Newest);
            return delivered.Rejected.Count == 0 && delivered.Rows.SequenceEqual(trades.Select((trade, index) => trade.Row with { Index = index }));
        }).QuickCheckThrowOnFailure();

    private static IDelivered Read(string type, IReadOnlyList<IWireRow> news, IReadOnlyList<IWireRow> updates, WireShape shape)
    {
        var delivered = Samples.Read(EnvelopeWriter.Write(
            new WireEnvelope
            {
                Id = "e1",
                Type = type,
                Created = 1_790_985_000,
                New = news,
                Updated = updates,
                Metadata = new WireMetadata("run_1", news.Count, updates.Count, 2, 3),
            },
            shape));
        var envelope = delivered.Delivery.Envelope!;
        Assert.Equal(("e1", type, "2026-03-15"), (envelope.EventId, envelope.Type, envelope.ApiVersion));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_790_985_000), envelope.CreatedAt);
        Assert.Equal(new RunChunk("run_1", 2, 3, news.Count, updates.Count), envelope.Run);
        Assert.Empty(envelope.UnknownFields);
        return delivered;
    }

    private static IEnumerable<(TransactionRow Row, int Index, RowOrigin Origin)> Expected(
        (WireTransaction Wire, TransactionRow Row)[] news, (WireTransaction Wire, TransactionRow Row)[] updates) =>
        news.Select((row, index) => (row.Row, index, RowOrigin.New))
            .Concat(updates.Select((row, index) => (row.Row, news.Length + index, RowOrigin.Updated)));
}
