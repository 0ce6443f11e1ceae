using System.ComponentModel;

namespace Redbark.Sync.Worker.Api.Accounts.History;

/// <summary>An account's balance over time by the ledger, and what its banks said.</summary>
internal sealed record BalanceHistoryResponse(
    [property: Description("The ledger's id of the account.")] long AccountId,
    [property: Description("ISO 4217; empty while it is not known.")] string Currency,
    DateOnly From,
    DateOnly To,
    [property: Description("day, or month for long spans.")] string Step,
    [property: Description("What the account held before its first row, a decimal string; null while that is not known, and then the balances lack it.")] string? Opening,
    [property: Description("The ledger's balance at the end of the day before.")] string Before,
    [property: Description("The days, or ends of months, at which the ledger's balance changed.")] IReadOnlyList<LedgerDayResponse> Ledger,
    [property: Description("What banks said: one figure an hour for spans of a month, else one a step.")] IReadOnlyList<BankPointResponse> Bank)
{
    public static BalanceHistoryResponse Of(BalanceHistory history) => new(
        history.AccountId, history.Currency, history.From, history.To, history.ByMonth ? "month" : "day",
        DecimalText.OfMoney(history.Opening, history.Currency), DecimalText.OfMoney(history.Before, history.Currency),
        [.. history.Days.Select(day => new LedgerDayResponse(day.Day, DecimalText.OfMoney(day.Balance, history.Currency)))],
        [.. history.Points.Select(point => new BankPointResponse(point.At.UtcDateTime, point.Provider, point.BalanceId, DecimalText.OfMoney(point.Amount, history.Currency), point.Agrees))]);
}

/// <summary>The ledger's balance at the end of a day.</summary>
internal sealed record LedgerDayResponse(DateOnly Day, [property: Description("Decimal string.")] string Balance);

/// <summary>A bank's figure.</summary>
internal sealed record BankPointResponse(
    [property: Description("The latest moment that it may be of.")] DateTime At,
    [property: Description("redbark, revolut or tokenio.")] string Provider,
    [property: Description("The ledger's id of the provider's account, as in /balances.")] long BalanceId,
    [property: Description("Decimal string.")] string Balance,
    [property: Description("Whether the proof holds there; null where nothing can be proved.")] bool? Agrees);
