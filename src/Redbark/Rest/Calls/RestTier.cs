namespace Redbark.Sync.Wire.Rest;

/// <summary>What a call costs (spec 5.1).</summary>
internal enum RestTier
{
    /// <summary>Connections, accounts.</summary>
    Cheap,

    /// <summary>Balances.</summary>
    Mid,

    /// <summary>Transactions, holdings, trades.</summary>
    Heavy,
}
