using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire.Rest;

internal enum RestTradeField
{
    Id,
    AccountId,
    AccountName,
    Symbol,
    Name,
    Type,
    Quantity,
    Price,
    Currency,
    TotalAmount,
    Fees,
    TradeDate,
    SettlementDate,
    Description,
}

internal sealed class RestTradeReader : RestReader<RestTrade, RestTradeField>
{
    protected override RestTradeField IdField => RestTradeField.Id;

    protected override RestTrade ReadRow(string id)
    {
        var row = new RestTrade
        {
            Id = id,
            AccountId = ReadId(RestTradeField.AccountId, RowRejection.AccountMissing) ?? "",
            AccountName = Text(RestTradeField.AccountName),
            Symbol = Trimmed(RestTradeField.Symbol),
            Name = Text(RestTradeField.Name),
            Type = ReadId(RestTradeField.Type, RowRejection.TypeMissing) ?? "",
            Quantity = Figure(RestTradeField.Quantity)?.Amount,
            Price = Figure(RestTradeField.Price)?.Amount,
            Currency = Currency(RestTradeField.Currency),
            TotalAmount = Figure(RestTradeField.TotalAmount)?.Amount,
            Fees = Figure(RestTradeField.Fees)?.Amount,
            TradeDate = Day(RestTradeField.TradeDate),
            SettlementDate = Day(RestTradeField.SettlementDate),
            Description = Text(RestTradeField.Description),
        };
        if ((row.TradeDate, row.SettlementDate) is (null, null))
            Fail(RowRejection.DateMissing, "neither tradeDate nor settlementDate is a date");
        return row;
    }
}
