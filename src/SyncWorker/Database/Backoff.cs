namespace Redbark.Sync.Worker.Database;

/// <summary>How long to wait before trying again.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);

    /// <summary>Twice as long after each failure, up to a limit, less up to a quarter by chance, so that workers do not come back all at once.</summary>
    public static TimeSpan After(int failures, TimeSpan limit)
    {
        var wait = First * Math.Pow(2, Math.Min(failures - 1, 20));
#pragma warning disable CA5394 // Nothing is secret about a pause.
        return (wait < limit ? wait : limit) * (1 - Random.Shared.NextDouble() / 4);
#pragma warning restore CA5394
    }
}
