using Redbark.Sync.Wire.Http;

namespace Redbark.Sync.Wire.Rest;

/// <summary>A row of <c>/v1/balances</c> (spec 5.4). It has no time of its own.</summary>
public sealed record RestBalance
{
    /// <summary><c>accountId</c>; a UUID in lower case.</summary>
    public required string AccountId { get; init; }

    /// <summary><c>currentBalance</c>, signed; null when the provider behind Redbark failed.</summary>
    public RestFigure? Current { get; init; }

    /// <summary><c>availableBalance</c>; on a card the credit that is left (spec 7.3).</summary>
    public RestFigure? Available { get; init; }

    /// <summary><c>currency</c>: three upper-case letters.</summary>
    public string? Currency { get; init; }
}

/// <summary>A figure, and the text it was read from.</summary>
/// <param name="Amount">Exactly the text, its scale included.</param>
/// <param name="Text">As it came.</param>
public readonly record struct RestFigure(decimal Amount, string Text);

/// <summary>What came of asking for one account's balance: a balance or an error.</summary>
/// <param name="AccountId">As it was asked for.</param>
/// <param name="Balance">The balance.</param>
/// <param name="Error">Why there is none.</param>
/// <param name="NotOlderThan">The earliest time that the balance may be from (UTC).</param>
public sealed record RestBalanceResult(string AccountId, RestBalance? Balance, ProviderException? Error, DateTimeOffset NotOlderThan);
