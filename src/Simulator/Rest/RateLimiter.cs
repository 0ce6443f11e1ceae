using System.Collections.Concurrent;

namespace Redbark.Sync.Simulator.Rest;

/// <summary>Calls a minute, in fixed windows.</summary>
internal sealed class RateLimiter(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Window> _windows = new();

    /// <summary>Counts a call.</summary>
    /// <returns>Calls left in this minute, or -1 when the limit is met; and the seconds until the next window.</returns>
    public (int Remaining, int RetryAfter) Take(string bucket, int limit)
    {
        var now = clock.GetUtcNow();
        var window = _windows.AddOrUpdate(
            bucket,
            _ => new Window(now, 1),
            (_, last) => now - last.Start >= TimeSpan.FromMinutes(1) ? new Window(now, 1) : last with { Calls = last.Calls + 1 });
        var left = TimeSpan.FromMinutes(1) - (now - window.Start);
        return (Math.Max(-1, limit - window.Calls), Math.Max(1, (int)Math.Ceiling(left.TotalSeconds)));
    }

    private readonly record struct Window(DateTimeOffset Start, int Calls);
}
