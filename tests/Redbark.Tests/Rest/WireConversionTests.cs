using Redbark.Sync.Contracts;
using Redbark.Sync.Wire.Rest;

namespace Redbark.Sync.Wire.Tests.Rest;

public sealed class WireConversionTests
{
    private static readonly RestTransaction Row = new()
    {
        Id = "bank_tx_1", AccountId = ScriptedRedbark.Account, AccountName = "Everyday Account", Status = TransactionStatus.Posted, Amount = -64.20m,
        Date = new DateOnly(2026, 4, 22), Datetime = new DateTimeOffset(2026, 4, 21, 23, 14, 0, 566, TimeSpan.Zero), PostDate = new DateOnly(2026, 4, 23),
        Description = "Woolworths", Category = "FOOD_AND_DRINK", CustomCategory = "Food", MerchantName = "Woolworths ", MerchantCategoryCode = "5411",
    };

    [Fact]
    public void A_transaction_becomes_the_row_that_a_webhook_would_have_brought()
    {
        var row = Read(Row.ToWire("AUD", "acct_1"), EventTypes.TransactionsSynced) as TransactionsDelivered;

        var read = Assert.Single(row!.Rows);
        Assert.Equal(("bank_tx_1", -6420L, "AUD", TransactionStatus.Posted), (read.ExternalId, read.MinorUnits, read.Currency, read.Status));
        Assert.Equal(new AccountReference(ScriptedRedbark.Account, "acct_1", "Everyday Account"), read.Account);
        Assert.Equal((new DateOnly(2026, 4, 22), Row.Datetime, new DateOnly(2026, 4, 23)), (read.BookedOn, read.OccurredAt, read.PostedOn!.Value));
        Assert.Equal(("Woolworths", "Woolworths", "FOOD_AND_DRINK", "Food", "5411"), (read.Description, read.MerchantName, read.Category, read.CustomCategory, read.MerchantCategoryCode));
        Assert.Equal((null, null, null), (read.Class, read.Reference, read.ExtendedDescription));
    }

    [Theory]
    [InlineData("AUD", "0", 0)]
    [InlineData("AUD", "92233720368547758.07", long.MaxValue)]
    [InlineData("AUD", "-92233720368547758.08", long.MinValue)]
    [InlineData("JPY", "500.00", 500)]
    [InlineData("KWD", "-0.001", -1)]
    [InlineData("AUD", "1.2300000000", 123)]
    public void An_amount_becomes_minor_units_of_its_currency(string currency, string amount, long minorUnits) =>
        Assert.Equal(minorUnits, (Row with { Amount = decimal.Parse(amount) }).ToWire(currency).Amount);

    [Theory]
    [InlineData("AUD", "0.001")]
    [InlineData("JPY", "0.5")]
    [InlineData("AUD", "92233720368547758.08")]
    [InlineData("AUD", "79228162514264337593543950335")]
    [InlineData("BTC", "1")]
    [InlineData(null, "1")]
    public void An_amount_that_is_none_is_refused(string? currency, string amount) =>
        Assert.Throws<FormatException>(() => (Row with { Amount = decimal.Parse(amount) }).ToWire(currency));

    [Fact]
    public void The_currency_of_the_row_counts_before_that_of_its_account()
    {
        var wire = (Row with { Currency = "JPY", Amount = 500 }).ToWire("AUD");
        Assert.Equal(("jpy", 500), (wire.Currency, wire.Amount));
    }

    [Fact]
    public void A_trade_becomes_the_row_that_a_webhook_would_have_brought()
    {
        var trade = new RestTrade
        {
            Id = "t-1", AccountId = ScriptedRedbark.Account, Symbol = "VOO", Type = "buy", Quantity = 10m, Price = 465.20m, Currency = "USD", TotalAmount = 4652m,
            TradeDate = new DateOnly(2026, 4, 15), SettlementDate = new DateOnly(2026, 4, 17),
        };

        var read = Assert.Single((Read(trade.ToWire(), EventTypes.TradesSynced) as TradesDelivered)!.Rows);

        Assert.Equal(("t-1", "VOO", "buy", 10m, 465.2m, "USD", 4652m, null), (read.ExternalId, read.Symbol, read.Type, read.Quantity, read.Price, read.Currency, read.TotalAmount, read.Fees));
        Assert.Equal((trade.TradeDate, trade.SettlementDate), (read.TradedOn, read.SettledOn));
    }

    private static IDelivered Read(IWireRow row, string type)
    {
        var body = EnvelopeWriter.Write(new WireEnvelope { Id = Guid.NewGuid().ToString(), Type = type, Created = 1790985600, New = [row] });
        return Samples.Read(body);
    }
}
