using System.ComponentModel;
using Redbark.Sync.Worker.Balances.Store;

namespace Redbark.Sync.Worker.Api.Balances;

/// <summary>The last good balance of one account of a provider. What the provider does not say is null, never zero.</summary>
internal record BalanceResponse(
    [property: Description("The ledger's id of the provider's account.")] long Id,
    [property: Description("redbark, revolut or tokenio.")] string Provider,
    [property: Description("The connection or consent.")] string ConnectionId,
    [property: Description("The provider's id of the account.")] string ExternalId,
    [property: Description("The bank's name.")] string? Institution,
    string? Name,
    [property: Description("The provider's word for its kind.")] string? Type,
    [property: Description("The system behind the provider.")] string? Source,
    [property: Description("True when it has holdings instead of a balance.")] bool IsBrokerage,
    [property: Description("The ledger account that it proves.")] long? AccountId,
    [property: Description("What the settings link it to.")] string? LinkedTo,
    [property: Description("Why it proves no ledger account.")] string? LinkProblem,
    [property: Description("Three letters; not always ISO 4217.")] string? Currency,
    [property: Description("Money on the account, a decimal string; positive is in the holder's favour.")] string? Current,
    [property: Description("reported, fallback_from_expected or fallback_from_available.")] string? CurrentOrigin,
    [property: Description("Money that can be spent, a decimal string.")] string? Available,
    [property: Description("unknown, not_included or included: whether available holds borrowed money.")] string? AvailableIncludesCredit,
    [property: Description("Decimal string.")] string? CreditLimit,
    [property: Description("When the answer came. The figure is the bank's at some moment from earliestAt to asOf, or to here.")] DateTime? RetrievedAt,
    [property: Description("How old the figure may be, by the provider's cache.")] DateTime? EarliestAt,
    [property: Description("The provider's own time of the figure.")] DateTime? AsOf,
    [property: Description("currency_differs, currency_not_iso or no_usable_balance.")] IReadOnlyList<string> Flags,
    [property: Description("True when the figure is not what a reading should give today; error says why.")] bool Stale,
    DateTime? StaleSince,
    [property: Description("Why it is stale.")] string? Error,
    [property: Description("Machine-readable: transient, rate_limited, reauth_required, permission_missing, credential_invalid, unsupported, account_gone, bad_request, protocol, no_usable_balance, connection_gone, connection_status or too_old.")]
    string? ErrorFault,
    [property: Description("When it was last tried.")] DateTime? LastAttemptAt,
    [property: Description("It is not tried before.")] DateTime? NotBefore,
    [property: Description("Since when its connection lists it no more.")] DateTime? GoneAt);

/// <summary>A balance with all that the provider said.</summary>
internal sealed record BalanceDetailResponse : BalanceResponse
{
    public BalanceDetailResponse(BalanceResponse summary, IReadOnlyList<Figure> figures)
        : base(summary) => Figures = figures;

    [Description("Every figure of the provider, in its order.")]
    public IReadOnlyList<Figure> Figures { get; }
}

/// <summary>One reading of a balance.</summary>
internal sealed record ReadingResponse(
    [property: Description("The ledger's id of the reading.")] long Id,
    DateTime RetrievedAt,
    [property: Description("How old the figure may be, by the provider's cache.")] DateTime EarliestAt,
    [property: Description("The provider's own time of the figure.")] DateTime? AsOf,
    string Currency,
    [property: Description("Decimal string; null when the provider's answer names no current balance.")] string? Current,
    [property: Description("reported, fallback_from_expected or fallback_from_available.")] string? CurrentOrigin,
    [property: Description("Decimal string.")] string? Available,
    [property: Description("unknown, not_included or included.")] string AvailableIncludesCredit,
    [property: Description("Decimal string.")] string? CreditLimit,
    IReadOnlyList<string> Flags,
    [property: Description("Every figure of the provider, in its order.")] IReadOnlyList<Figure> Figures);

/// <summary>One security that a brokerage account held when it was last read.</summary>
internal sealed record HoldingResponse(
    [property: Description("The ledger's id of the observation.")] long Id,
    [property: Description("The ledger's id of the provider's account, as in /balances.")] long ProviderAccountId,
    [property: Description("The ledger account that it proves.")] long? AccountId,
    string Provider,
    string ConnectionId,
    [property: Description("The provider's id of the account.")] string ExternalId,
    [property: Description("Ticker.")] string? Symbol,
    string? Name,
    [property: Description("Units held, a decimal string.")] string? Quantity,
    string? Currency,
    [property: Description("Decimal string.")] string? AveragePrice,
    [property: Description("Decimal string.")] string? CurrentPrice,
    [property: Description("Decimal string.")] string? MarketValue,
    DateTime RetrievedAt);

/// <summary>A connection of a provider.</summary>
internal sealed record ConnectionResponse(
    [property: Description("redbark, revolut or tokenio.")] string Provider,
    string ConnectionId,
    [property: Description("The bank's name.")] string? Institution,
    [property: Description("active, expiring when it can be read still and its consent ends soon, the provider's word for what is wrong, or gone when it is listed no more.")] string Status,
    [property: Description("Accounts that it lists.")] int Accounts,
    [property: Description("When its accounts were last listed without an error.")] DateTime? LastListedAt,
    [property: Description("Since when it cannot be read until a person does something.")] DateTime? NeedsAttentionSince,
    [property: Description("When its user has to consent again; null when nobody says.")] DateTime? ConsentEndsAt,
    string? Error,
    [property: Description("Machine-readable, as in /balances.")] string? ErrorFault);
