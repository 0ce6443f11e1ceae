namespace Redbark.Sync.Wire.Rest;

/// <summary>What a <see cref="RedbarkClient"/> may do (spec 5.1). A class, not a record: it holds the key, which nothing must print.</summary>
public sealed class RedbarkClientOptions
{
    /// <summary>Where REST is served when the settings do not say otherwise.</summary>
    public static readonly Uri DefaultBaseUrl = new("https://api.redbark.com");

    /// <summary>The bearer key, opaque: <c>rbk_live_…</c>.</summary>
    public required string ApiKey { get; init; }

    /// <summary>Calls a minute to connections and accounts.</summary>
    public int CheapPerMinute { get; init; } = 60;

    /// <summary>Calls a minute to balances.</summary>
    public int MidPerMinute { get; init; } = 30;

    /// <summary>Calls a minute to transactions, holdings and trades.</summary>
    public int HeavyPerMinute { get; init; } = 30;

    /// <summary>Heavy calls at the same time.</summary>
    public int HeavyInFlight { get; init; } = 4;

    /// <summary>The longest wait that Redbark may ask for (<c>Retry-After</c>) and that is waited in place; a longer one ends the read.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(60);
}
