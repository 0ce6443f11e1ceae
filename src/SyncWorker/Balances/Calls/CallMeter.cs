using Redbark.Sync.Wire.Http;

namespace Redbark.Sync.Worker.Balances.Calls;

/// <summary>
/// What a bank allows while its customer is away: four calls in any 24 hours for each account and endpoint (open-banking-balances 2.9,
/// 3.10). Polls use three; the fourth is kept for trying again (section 5).
/// </summary>
internal sealed class CallMeter(ICallBudget budget, TimeProvider clock)
{
    private const int ForPolls = 3;
    private const int Most = 4;

    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    // Where a provider says "too many" without saying until when.
    private static readonly TimeSpan UnstatedHold = TimeSpan.FromHours(1);

    /// <summary>Takes a call that is about to be made.</summary>
    /// <returns>Null: go ahead. Otherwise why not.</returns>
    public async Task<ProviderException?> TakeAsync(CallKey key, bool isRetry, CancellationToken cancellation) =>
        await budget.TakeAsync(key, isRetry ? Most : ForPolls, Window, cancellation) is { } notBefore
            ? new ProviderException(ProviderFault.RateLimited,
                $"the calls that are allowed in 24 hours are used up, or the provider asked to wait: not before {notBefore:yyyy-MM-dd HH:mm:ss}Z")
            {
                NotBefore = notBefore,
                ReachedProvider = false,
            }
            : null;

    /// <summary>Gives back a call that did not reach the provider. It is not given up when the host stops: the count would stay wrong.</summary>
    public Task RefundAsync(CallKey key) => budget.RefundAsync(key, CancellationToken.None);

    /// <summary>Keeps calls back for as long as the provider asked, and at most for the window that it counts in.</summary>
    /// <returns>The end of the hold.</returns>
    public DateTimeOffset EndOfHold(DateTimeOffset? retryAfter)
    {
        var now = clock.GetUtcNow();
        var end = retryAfter ?? now + UnstatedHold;
        return end < now ? now : end > now + Window ? now + Window : end;
    }

    /// <summary>No call of this key before the time that a refusal names.</summary>
    public Task HoldAsync(CallKey key, ProviderException refusal) =>
        refusal is { Fault: ProviderFault.RateLimited, NotBefore: { } notBefore } ? budget.HoldAsync(key, notBefore, CancellationToken.None) : Task.CompletedTask;

    /// <summary>The wait before the one retry: one to two seconds, so that accounts do not come back all at once.</summary>
    public Task PauseAsync(CancellationToken cancellation) =>
#pragma warning disable CA5394 // Nothing is secret about a pause.
        Task.Delay(TimeSpan.FromSeconds(1 + Random.Shared.NextDouble()), clock, cancellation);
#pragma warning restore CA5394
}
