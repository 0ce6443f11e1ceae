namespace Redbark.Sync.Worker.Balances;

/// <summary>
/// One account's balance as it was read once: a summary that says how it was derived, and every figure of the provider
/// (open-banking-balances 4.1). Amounts are signed: positive is in the holder's favour. What is missing is null, never zero.
/// </summary>
internal sealed record AccountBalance
{
    /// <summary>Three upper-case letters; not always ISO 4217 (Revolut has BTC).</summary>
    public required string Currency { get; init; }

    /// <summary>Money on the account; null when no figure says it.</summary>
    public required decimal? Current { get; init; }

    /// <summary>Which figure <see cref="Current"/> came from; null when it is.</summary>
    public required ValueOrigin? CurrentOrigin { get; init; }

    /// <summary>Money that can be spent; null when the provider does not say.</summary>
    public required decimal? Available { get; init; }

    /// <summary>Whether <see cref="Available"/> holds borrowed money.</summary>
    public required CreditInclusion AvailableIncludesCredit { get; init; }

    /// <summary>Credit limit, positive.</summary>
    public decimal? CreditLimit { get; init; }

    /// <summary>The provider's own time of the figure behind <see cref="Current"/> (UTC).</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>When the answer came (UTC, our clock).</summary>
    public required DateTimeOffset RetrievedAt { get; init; }

    /// <summary>Every figure of the provider, in its order.</summary>
    public required IReadOnlyList<BalanceObservation> Observations { get; init; }

    /// <summary>What a reader should know: <c>currency_differs</c>, <c>currency_not_iso</c>, <c>no_usable_balance</c>, <c>credit_amount_unknown</c>.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];
}

/// <summary>One figure of a provider.</summary>
/// <param name="ProviderType">The provider's word for it, verbatim: <c>InterimAvailable</c>, <c>current</c>, <c>otherBalances:Expected</c>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Amount">Signed; exactly as received, its scale included.</param>
/// <param name="AmountText">The text it was read from.</param>
/// <param name="Currency">Upper case.</param>
/// <param name="AsOf">The provider's own time of it.</param>
/// <param name="CreditLines">Credit that the provider tells of beside it.</param>
internal sealed record BalanceObservation(
    string ProviderType, BalanceKind Kind, decimal Amount, string AmountText, string Currency, DateTimeOffset? AsOf, IReadOnlyList<CreditLine> CreditLines);

/// <summary>A credit line beside a figure.</summary>
internal sealed record CreditLine(bool Included, string? ProviderType, decimal? Amount, string? Currency);

/// <summary>What a provider's figure is.</summary>
internal enum BalanceKind
{
    Current,
    Available,
    Booked,
    Expected,
    Cleared,
    Forward,
    Opening,
    Information,
    CreditLimit,
    Other,
}

/// <summary>Which figure a current balance was taken from.</summary>
internal enum ValueOrigin
{
    Reported,
    FallbackFromExpected,
    FallbackFromAvailable,
}

/// <summary>Whether an available balance holds borrowed money.</summary>
internal enum CreditInclusion
{
    Unknown,
    NotIncluded,
    Included,
}
