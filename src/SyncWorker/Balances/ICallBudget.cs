namespace Redbark.Sync.Worker.Balances;

/// <summary>One thing a provider counts calls of.</summary>
/// <param name="Provider">See <see cref="IBalanceProvider.Name"/>.</param>
/// <param name="ConnectionId">See <see cref="ConnectionListing.ConnectionId"/>.</param>
/// <param name="AccountId">The provider's id of the account; empty for the whole connection.</param>
/// <param name="Endpoint">What is called; empty for whatever is called.</param>
internal sealed record CallKey(string Provider, string ConnectionId, string AccountId, string Endpoint);

/// <summary>How often a provider may be called. Survives restarts, shared by all workers.</summary>
internal interface ICallBudget
{
    /// <summary>Takes one call out of <paramref name="most"/> per rolling <paramref name="window"/>.</summary>
    /// <returns>Null: go ahead (it is charged). Otherwise the earliest time it may be tried again (budget used up, or held).</returns>
    Task<DateTimeOffset?> TakeAsync(CallKey key, int most, TimeSpan window, CancellationToken cancellation);

    /// <summary>Gives back a call that never reached the provider.</summary>
    Task RefundAsync(CallKey key, CancellationToken cancellation);

    /// <summary>
    /// No call of this key before that time (Retry-After). A key with <see cref="CallKey.AccountId"/> and <see cref="CallKey.Endpoint"/>
    /// empty holds the whole connection.
    /// </summary>
    Task HoldAsync(CallKey key, DateTimeOffset notBefore, CancellationToken cancellation);
}
