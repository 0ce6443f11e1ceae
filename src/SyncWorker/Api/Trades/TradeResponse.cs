using System.ComponentModel;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Api.Trades;

/// <summary>A trade as the ledger holds it. Figures are decimal strings.</summary>
internal sealed record TradeResponse(
    [property: Description("The ledger's id.")] long Id,
    [property: Description("The ledger's id of the account.")] long AccountId,
    [property: Description("The provider's raw trade id.")] string ExternalId,
    [property: Description("buy, sell or another word of the provider's, in lower case.")] string Type,
    string? Symbol,
    string? Name,
    [property: Description("Units traded.")] string? Quantity,
    [property: Description("Price of one unit.")] string? Price,
    string? TotalAmount,
    string? Fees,
    [property: Description("ISO 4217.")] string Currency,
    [property: Description("True when the row named no currency and took its account's.")] bool CurrencyAssumed,
    DateOnly TradedOn,
    DateOnly? SettledOn,
    string? Description,
    [property: Description("1 for the first applied observation, one more with each applied change.")] int Revision,
    [property: Description("When the provider said so.")] DateTime ObservedAt,
    [property: Description("The delivery that this version came from.")] Guid DeliveryId,
    [property: Description("When the ledger applied it.")] DateTime RecordedAt)
{
    public static TradeResponse Of(Trade trade) => new(
        trade.Id,
        trade.AccountId,
        trade.ExternalId,
        trade.Type,
        trade.Symbol,
        trade.Name,
        DecimalText.Of(trade.Quantity),
        DecimalText.Of(trade.Price),
        DecimalText.OfMoney(trade.TotalAmount, trade.Currency),
        DecimalText.OfMoney(trade.Fees, trade.Currency),
        trade.Currency,
        trade.CurrencyAssumed,
        trade.TradedOn,
        trade.SettledOn,
        trade.Description,
        trade.Revision,
        trade.ObservedAt.UtcDateTime,
        trade.DeliveryId,
        trade.RecordedAt.UtcDateTime);
}
