namespace Redbark.Sync.Wire.Rest;

/// <summary>A row of <c>/v1/holdings</c> (spec 5.4). Figures are decimals of at most 28 digits, exact.</summary>
public sealed record RestHolding
{
    /// <summary><c>id</c>.</summary>
    public required string Id { get; init; }

    /// <summary><c>accountId</c>; a UUID in lower case.</summary>
    public required string AccountId { get; init; }

    /// <summary><c>accountName</c>.</summary>
    public string? AccountName { get; init; }

    /// <summary><c>symbol</c>.</summary>
    public string? Symbol { get; init; }

    /// <summary><c>name</c>.</summary>
    public string? Name { get; init; }

    /// <summary><c>exchange</c>.</summary>
    public string? Exchange { get; init; }

    /// <summary><c>currency</c>: three upper-case letters; null for anything else.</summary>
    public string? Currency { get; init; }

    /// <summary><c>quantity</c>; a holding without one is not usable.</summary>
    public required decimal Quantity { get; init; }

    /// <summary><c>averagePrice</c>.</summary>
    public decimal? AveragePrice { get; init; }

    /// <summary><c>currentPrice</c>.</summary>
    public decimal? CurrentPrice { get; init; }

    /// <summary><c>marketValue</c>.</summary>
    public decimal? MarketValue { get; init; }

    /// <summary><c>unrealizedPnl</c>.</summary>
    public decimal? UnrealizedPnl { get; init; }

    /// <summary>The row as it stood in the answer.</summary>
    public required string RawJson { get; init; }
}
