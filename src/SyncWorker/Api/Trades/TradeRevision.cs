using System.ComponentModel;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Api.Trades;

/// <summary>A version of a trade. Figures are decimal strings.</summary>
internal sealed record TradeRevision(
    [property: Description("1 for the first applied observation, one more with each applied change.")] int Revision,
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
    [property: Description("When the provider said so.")] DateTime ObservedAt,
    [property: Description("The delivery that this version came from.")] Guid DeliveryId,
    [property: Description("When the ledger applied it.")] DateTime RecordedAt,
    [property: Description("When another version took its place; null for the current one.")] DateTime? SupersededAt,
    [property: Description("True for the last version of a trade that is no longer in the ledger.")] bool Removed)
{
    public static TradeRevision Of(TradeVersion version) => new(
        version.Revision,
        version.AccountId,
        version.ExternalId,
        version.Type,
        version.Symbol,
        version.Name,
        DecimalText.Of(version.Quantity),
        DecimalText.Of(version.Price),
        DecimalText.OfMoney(version.TotalAmount, version.Currency),
        DecimalText.OfMoney(version.Fees, version.Currency),
        version.Currency,
        version.CurrencyAssumed,
        version.TradedOn,
        version.SettledOn,
        version.Description,
        version.ObservedAt.UtcDateTime,
        version.DeliveryId,
        version.RecordedAt.UtcDateTime,
        version.SupersededAt?.UtcDateTime,
        version.Removed);
}
