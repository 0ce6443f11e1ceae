namespace Redbark.Sync.Ingress.Relay;

/// <summary>Exponential waits with jitter, so that a window of deliveries does not come back in step.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);

    /// <param name="failures">How many attempts failed, 1 or more.</param>
    /// <param name="longest">The cap.</param>
    /// <returns>Between half of the step and the step.</returns>
    public static TimeSpan After(int failures, TimeSpan longest)
    {
        var step = Math.Min(First.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 30)), longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(step * (0.5 + (Random.Shared.NextDouble() / 2)));
    }
}
