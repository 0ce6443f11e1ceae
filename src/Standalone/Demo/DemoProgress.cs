using Redbark.Sync.Standalone.Commands;

namespace Redbark.Sync.Standalone.Demo;

/// <summary>Shows how the worker catches up with what was accepted.</summary>
internal static class DemoProgress
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <exception cref="UsageException">The worker did not catch up.</exception>
    public static async Task UntilAppliedAsync(ApiClient api, int accepted, CancellationToken cancellation)
    {
        var shown = -1;
        for (var started = TimeProvider.System.GetTimestamp(); ;)
        {
            var applied = await CountAsync(api, cancellation);
            if (applied != shown)
                Console.WriteLine($"in the ledger: {shown = applied} of {accepted} accepted deliveries");
            if (applied >= accepted)
                return;
            if (TimeProvider.System.GetElapsedTime(started) > Limit)
                throw new UsageException($"only {applied} of {accepted} deliveries reached the ledger within {Limit.TotalMinutes:0} minutes.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
        }
    }

    private static async Task<int> CountAsync(ApiClient api, CancellationToken cancellation)
    {
        try
        {
            return await api.ListAsync("/api/v1/deliveries?limit=1000", cancellation).CountAsync(cancellation);
        }
        catch (ApiUnavailableException)
        {
            return 0; // The database is still starting.
        }
    }
}
