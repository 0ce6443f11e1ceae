using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire.Tests;

public sealed class TradeRowTests
{
    [Theory]
    [InlineData("\"465.2\"", "465.2")]
    [InlineData("465.2", "465.2")]
    [InlineData("\"465.20\"", "465.2")]
    [InlineData("4.652e2", "465.2")]
    [InlineData("1e3", "1000")]
    [InlineData("\"0.0000000000000000000000000001\"", "0.0000000000000000000000000001")]
    [InlineData("\"9999999999999999999999999999\"", "9999999999999999999999999999")]
    [InlineData("\"12345678901234.56789012345678\"", "12345678901234.56789012345678")]
    [InlineData("\"-0.1\"", "-0.1")]
    [InlineData("\"-0\"", "0")]
    [InlineData("null", null)]
    [InlineData("\"\"", null)]
    [InlineData(null, null)]
    public void A_figure_is_an_exact_decimal_without_trailing_zeros(string? json, string? figure) =>
        Assert.Equal(figure, Row(("price", json)).Price?.ToString());

    [Theory]
    [InlineData("quantity", "\"NaN\"")]
    [InlineData("price", "\"1,000.00\"")]
    [InlineData("total_amount", "\"12345678901234.567890123456789\"")]
    [InlineData("fees", "\"10000000000000000000000000000\"")]
    [InlineData("fees", "1e-29")]
    [InlineData("fees", "1e28")]
    [InlineData("fees", "1e999999999999")]
    [InlineData("price", "{}")]
    [InlineData("price", "true")]
    public void A_figure_that_is_no_decimal_of_28_digits_is_rejected(string field, string json)
    {
        var rejected = Rejection((field, json));
        Assert.Equal(RowRejection.FigureInvalid, rejected.Reason);
        Assert.StartsWith($"{field} is ", rejected.Detail);
        Assert.Equal("t1", rejected.ExternalId);
    }

    [Theory]
    [InlineData("\"2026-04-15\"", "\"2026-04-17\"", "2026-04-15", "2026-04-17")]
    [InlineData("null", "\"2026-04-17\"", "2026-04-17", "2026-04-17")]
    [InlineData("\"2026-04-15T20:00:00Z\"", "null", "2026-04-16", null)]
    [InlineData("\"2026-02-30\"", "\"2026-04-17\"", "2026-04-17", "2026-04-17")]
    public void A_trade_without_its_date_is_dated_by_its_settlement(string tradeDate, string settlementDate, string tradedOn, string? settledOn)
    {
        var row = Row(("trade_date", tradeDate), ("settlement_date", settlementDate));
        Assert.Equal(DateOnly.Parse(tradedOn), row.TradedOn);
        Assert.Equal(settledOn, row.SettledOn?.ToString("yyyy-MM-dd"));
    }

    [Theory]
    [InlineData("id", "null", RowRejection.IdMissing)]
    [InlineData("account_id", null, RowRejection.AccountMissing)]
    [InlineData("type", null, RowRejection.TypeMissing)]
    [InlineData("type", "\" \"", RowRejection.TypeMissing)]
    [InlineData("type", "\"b\\u0000uy\"", RowRejection.TypeMissing)]
    [InlineData("currency", "\"dollars\"", RowRejection.CurrencyInvalid)]
    [InlineData("trade_date", "\"0000-00-00\"", RowRejection.DateMissing)]
    public void A_trade_that_cannot_be_used_is_rejected(string field, string? json, string reason) => Assert.Equal(reason, Rejection((field, json)).Reason);

    [Fact]
    public void The_letter_case_of_type_and_currency_is_no_matter()
    {
        var row = Row(("type", "\" BUY \""), ("currency", "\"USD\""));
        Assert.Equal(("buy", "USD"), (row.Type, row.Currency));
        Assert.Null(Row(("currency", "null")).Currency);
    }

    [Fact]
    public void A_trade_id_is_never_cut() => Assert.Equal("txn_fk_1", Row(("id", "\"txn_fk_1\"")).ExternalId);

    [Fact]
    public void Every_name_is_also_read_in_camel_case()
    {
        var delivered = Samples.ReadTrades("""
            {"id":"1","accountId":"a","accountPublicId":"acct_1","accountName":"N","symbol":"BHP","name":"BHP Group","type":"sell","quantity":1,
             "price":2,"totalAmount":3,"fees":4,"currency":"aud","tradeDate":"2026-04-15","settlementDate":"2026-04-17","description":"D"}
            """);
        Assert.Equal(
            new TradeRow
            {
                Index = 0,
                Origin = RowOrigin.New,
                ExternalId = "1",
                Account = new AccountReference("a", "acct_1", "N"),
                Type = "sell",
                Symbol = "BHP",
                Name = "BHP Group",
                Quantity = 1,
                Price = 2,
                TotalAmount = 3,
                Fees = 4,
                Currency = "AUD",
                TradedOn = new DateOnly(2026, 4, 15),
                SettledOn = new DateOnly(2026, 4, 17),
                Description = "D",
            },
            Assert.Single(delivered.Rows));
        Assert.Empty(delivered.Delivery.Envelope!.UnknownFields);
    }

    private static TradeRow Row(params (string Name, string? Json)[] changes)
    {
        var delivered = Samples.ReadTrades(Samples.TradeJson(changes));
        Assert.Empty(delivered.Rejected);
        return Assert.Single(delivered.Rows);
    }

    private static RejectedRow Rejection(params (string Name, string? Json)[] changes)
    {
        var delivered = Samples.ReadTrades(Samples.TradeJson(changes));
        Assert.Empty(delivered.Rows);
        return Assert.Single(delivered.Rejected);
    }
}
