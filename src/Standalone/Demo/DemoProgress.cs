using Redbark.Sync.Standalone.Commands;

namespace Redbark.Sync.Standalone.Demo;

/// <summary>Waits until the worker has caught up with what was accepted.</summary>
internal static class DemoProgress
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    /// <exception cref="UsageException">The worker did not catch up.</exception>
    public static async Task UntilAppliedAsync(ApiClient api, int accepted, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var applied = 0; (applied = await CountAsync(api, cancellation)) < accepted;)
        {
            if (TimeProvider.System.GetElapsedTime(started) > Limit)
                throw new UsageException($"only {applied} of {accepted} deliveries reached the ledger within {Limit.TotalMinutes:0} minutes.");
            await Task.Delay(LookAgain, cancellation);
        }
    }

    private static async Task<int> CountAsync(ApiClient api, CancellationToken cancellation)
    {
        try
        {
            return await api.ListAsync("/api/v1/deliveries?feed=demo&limit=1000", cancellation).CountAsync(cancellation);
        }
        catch (ApiSilentException)
        {
            return 0; // The database is still starting.
        }
    }
}
