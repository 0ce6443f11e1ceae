namespace Redbark.Sync.Simulator.Bank;

/// <summary>One trade in a brokerage account (spec 2.3, 5.4).</summary>
public sealed record BankTrade
{
    /// <summary>Long, with hyphens: <c>2026-04-15-VOO-BUY-4652-10-2026-04-17-1-</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The account.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>Ticker.</summary>
    public required string Symbol { get; init; }

    /// <summary>Name of the security.</summary>
    public required string Name { get; init; }

    /// <summary><c>buy</c> or <c>sell</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Units.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>Price of a unit.</summary>
    public required decimal Price { get; init; }

    /// <summary>Fees, in <see cref="Currency"/>.</summary>
    public required decimal Fees { get; init; }

    /// <summary>ISO 4217; its case varies (spec 2.3).</summary>
    public required string Currency { get; init; }

    /// <summary>Day of the trade.</summary>
    public required DateOnly TradeDate { get; init; }

    /// <summary>Day of settlement.</summary>
    public required DateOnly SettlementDate { get; init; }

    /// <summary>Quantity times price.</summary>
    public decimal TotalAmount => Quantity * Price;

    /// <summary>Its name.</summary>
    public RowKey Key => new(AccountId, Id);
}

/// <summary>What is left of one security after all trades.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Symbol">Ticker.</param>
/// <param name="Name">Name of the security.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Quantity">Units bought less units sold.</param>
/// <param name="AveragePrice">Average price paid for the units bought.</param>
/// <param name="CurrentPrice">Price of the last trade.</param>
public sealed record BankHolding(Guid AccountId, string Symbol, string Name, string Currency, decimal Quantity, decimal AveragePrice, decimal CurrentPrice);
