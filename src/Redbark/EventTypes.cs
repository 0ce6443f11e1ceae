namespace Redbark.Sync.Wire;

/// <summary>The values of the envelope's <c>type</c> that carry rows (spec 2.1).</summary>
public static class EventTypes
{
    /// <summary>Transactions, new and updated.</summary>
    public const string TransactionsSynced = "transactions.synced";

    /// <summary>Trades, always new.</summary>
    public const string TradesSynced = "trades.synced";
}
