using System.ComponentModel;

namespace Redbark.Sync.Worker.Api.Trades;

/// <summary>What the trades in one symbol of one account leave there, and what its broker says.</summary>
internal sealed record PositionResponse(
    [property: Description("The ledger's id of the account.")] long AccountId,
    [property: Description("The ticker; the security's name where it has none.")] string Symbol,
    string? Name,
    [property: Description("Units bought less units sold, as a decimal string.")] string Quantity,
    [property: Description("ISO 4217; null when the trades are in several currencies.")] string? Currency,
    [property: Description("Buys and sells that were counted.")] long Trades,
    [property: Description("Trades of other types, or without a quantity: they move nothing here.")] long Ignored,
    DateOnly? LastTradedOn,
    [property: Description("proved, settling, drift or unknown: against the broker; null where none shows the account.")] string? Status,
    [property: Description("As in reconciliation.")] string? Cause,
    [property: Description("What was held before the first trade, and the trades, when the broker was last read; a decimal string.")] string? Expected,
    [property: Description("What the broker held then.")] string? Actual,
    [property: Description("actual less expected.")] string? Drift,
    [property: Description("The day since which they differ.")] DateOnly? Since,
    [property: Description("When the broker was last read.")] DateTime? ObservedAt);
