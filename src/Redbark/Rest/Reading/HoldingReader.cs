using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire.Rest;

internal enum HoldingField
{
    Id,
    AccountId,
    AccountName,
    Symbol,
    Name,
    Exchange,
    Currency,
    Quantity,
    AveragePrice,
    CurrentPrice,
    MarketValue,
    UnrealizedPnl,
}

internal sealed class HoldingReader : RestReader<RestHolding, HoldingField>
{
    protected override HoldingField IdField => HoldingField.Id;

    protected override RestHolding ReadRow(string id) => new()
    {
        Id = id,
        AccountId = ReadId(HoldingField.AccountId, RowRejection.AccountMissing) ?? "",
        AccountName = Text(HoldingField.AccountName),
        Symbol = Trimmed(HoldingField.Symbol),
        Name = Text(HoldingField.Name),
        Exchange = Text(HoldingField.Exchange),
        Currency = CurrencyIfAny(HoldingField.Currency),
        Quantity = Needed(HoldingField.Quantity, RowRejection.FigureInvalid),
        AveragePrice = Figure(HoldingField.AveragePrice)?.Amount,
        CurrentPrice = Figure(HoldingField.CurrentPrice)?.Amount,
        MarketValue = Figure(HoldingField.MarketValue)?.Amount,
        UnrealizedPnl = Figure(HoldingField.UnrealizedPnl)?.Amount,
        RawJson = RawJson,
    };
}
