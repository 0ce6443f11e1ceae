namespace Redbark.Sync.Worker.Export;

/// <summary>An own account.</summary>
/// <param name="Key">Its id at the provider: the same after a rebuild, which the ledger's is not.</param>
/// <param name="Type">The provider's word, such as <c>savings</c> or <c>credit-card</c>.</param>
/// <param name="TimeZone">In which its days begin and end.</param>
/// <param name="HasTransactions">Whether money moves on it; a brokerage account may have trades only.</param>
internal sealed record ExportedAccount(
    long Id, string Key, string? ExternalId, string? PublicId, string? Name, string? Currency, string? Type, TimeZoneInfo TimeZone, bool HasTransactions);

/// <summary>A line of the ledger, of the day that it is booked on.</summary>
internal abstract record ExportLine
{
    public required DateOnly Day { get; init; }
    public required long AccountId { get; init; }
    public required string ExternalId { get; init; }
    public required string Currency { get; init; }
    public string? Description { get; init; }
    public required Guid DeliveryId { get; init; }
}

/// <summary>A transaction.</summary>
internal sealed record TransactionLine : ExportLine
{
    public required long Id { get; init; }

    /// <summary>Part of the ledger's balance; pending or a hold otherwise.</summary>
    public required bool IsPosted { get; init; }
    public required decimal Amount { get; init; }
    public string? MerchantName { get; init; }
    public string? Category { get; init; }
    public string? Reference { get; init; }
    public DateTimeOffset? OccurredAt { get; init; }
}

/// <summary>A trade.</summary>
internal sealed record TradeLine : ExportLine
{
    public required string Type { get; init; }

    /// <summary>Symbol, else name, else empty, as in the ledger's positions.</summary>
    public required string Security { get; init; }
    public string? Name { get; init; }
    public decimal? Quantity { get; init; }
    public decimal? Price { get; init; }
    public decimal? TotalAmount { get; init; }
    public decimal? Fees { get; init; }
    public DateOnly? SettledOn { get; init; }
}

/// <summary>A figure of the bank's that the proof agrees with.</summary>
internal sealed record ProvedFigure(long AccountId, decimal Amount, DateTimeOffset ObservedAt);

/// <summary>That an account held so much at the end of a day, as the bank said.</summary>
internal sealed record BalanceCheck(ExportedAccount Account, DateOnly EndOf, decimal Amount, DateTimeOffset ObservedAt);

/// <summary>What an account brings along.</summary>
/// <param name="Commodity">A currency, or a security.</param>
/// <param name="IsSecurity">Which of the two.</param>
internal sealed record OpeningLine(ExportedAccount Account, decimal Amount, string Commodity, bool IsSecurity, Lot? Lot = null);
