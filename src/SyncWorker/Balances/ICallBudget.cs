namespace Redbark.Sync.Worker.Balances;

/// <summary>One thing that a provider counts calls of.</summary>
/// <param name="Provider">See <see cref="IBalanceProvider.Name"/>.</param>
/// <param name="ConnectionId">See <see cref="ConnectionListing.ConnectionId"/>.</param>
/// <param name="AccountId">The provider's id of the account; empty for the whole connection.</param>
/// <param name="Endpoint">Which of the provider's calls.</param>
internal sealed record CallKey(string Provider, string ConnectionId, string AccountId, string Endpoint);

/// <summary>How often a provider may be called. It survives restarts, and all workers share it.</summary>
internal interface ICallBudget
{
    /// <summary>Takes one call out of <paramref name="most"/> in any <paramref name="window"/>.</summary>
    /// <returns>Null: go ahead, it is charged. Otherwise the earliest time at which it may be tried again: the budget is used up, or held.</returns>
    Task<DateTimeOffset?> TakeAsync(CallKey key, int most, TimeSpan window, CancellationToken cancellation);

    /// <summary>Gives back a call that never reached the provider.</summary>
    Task RefundAsync(CallKey key, CancellationToken cancellation);

    /// <summary>No call of this key before that time (Retry-After). An empty account and an empty endpoint hold the whole connection.</summary>
    Task HoldAsync(CallKey key, DateTimeOffset notBefore, CancellationToken cancellation);
}
