namespace Redbark.Sync.Simulator.Rest;

/// <summary>What REST asks of its callers (spec 5.1).</summary>
public sealed record RestOptions
{
    /// <summary>The bearer key.</summary>
    public string ApiKey { get; init; } = "rbk_live_simulated";

    /// <summary>Calls a minute to connections, accounts and categories.</summary>
    public int CheapPerMinute { get; init; } = 60;

    /// <summary>Calls a minute to balances.</summary>
    public int MidPerMinute { get; init; } = 30;

    /// <summary>Calls a minute to transactions, holdings and trades.</summary>
    public int HeavyPerMinute { get; init; } = 30;

    /// <summary>Heavy calls at the same time.</summary>
    public int HeavyInFlight { get; init; } = 4;

    /// <summary>Refused keys a minute.</summary>
    public int RefusedPerMinute { get; init; } = 60;

    /// <summary>Rows that one transactions request can reach before it is truncated.</summary>
    public int RowCeiling { get; init; } = 5000;
}
