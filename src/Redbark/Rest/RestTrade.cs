namespace Redbark.Sync.Wire.Rest;

/// <summary>A row of <c>/v1/trades</c> (spec 2.3, 5.4). Figures are decimals of at most 28 digits, exact.</summary>
public sealed record RestTrade
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

    /// <summary><c>type</c>: <c>buy</c>, <c>sell</c>, …</summary>
    public required string Type { get; init; }

    /// <summary><c>quantity</c>.</summary>
    public decimal? Quantity { get; init; }

    /// <summary><c>price</c>.</summary>
    public decimal? Price { get; init; }

    /// <summary><c>currency</c>: three upper-case letters.</summary>
    public string? Currency { get; init; }

    /// <summary><c>totalAmount</c>.</summary>
    public decimal? TotalAmount { get; init; }

    /// <summary><c>fees</c>.</summary>
    public decimal? Fees { get; init; }

    /// <summary><c>tradeDate</c>; it or <see cref="SettlementDate"/> is there.</summary>
    public DateOnly? TradeDate { get; init; }

    /// <summary><c>settlementDate</c>.</summary>
    public DateOnly? SettlementDate { get; init; }

    /// <summary><c>description</c>.</summary>
    public string? Description { get; init; }
}

/// <summary>Which trades to read. Both days count.</summary>
/// <param name="ConnectionId">A brokerage connection.</param>
/// <param name="AccountId">One of its accounts.</param>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
public sealed record RestTradeQuery(string ConnectionId, string AccountId, DateOnly From, DateOnly To);
