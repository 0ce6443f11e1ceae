using System.ComponentModel;

namespace Redbark.Sync.Worker.Api.Trades;

/// <summary>What the trades in one symbol of one account leave there.</summary>
internal sealed record PositionResponse(
    [property: Description("The ledger's id of the account.")] long AccountId,
    [property: Description("The ticker; the security's name where it has none.")] string Symbol,
    string? Name,
    [property: Description("Units bought less units sold, as a decimal string.")] string Quantity,
    [property: Description("ISO 4217; null when the trades are in several currencies.")] string? Currency,
    [property: Description("Buys and sells that were counted.")] long Trades,
    [property: Description("Trades of other types, or without a quantity: they move nothing here.")] long Ignored,
    DateOnly LastTradedOn);
