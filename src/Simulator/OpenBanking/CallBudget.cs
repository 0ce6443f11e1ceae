namespace Redbark.Sync.Simulator.OpenBanking;

/// <summary>Calls that are allowed while no user is present, over a rolling window (spec 2.9, 3.10). Safe for concurrent use.</summary>
/// <param name="clock">The bank's clock.</param>
/// <param name="most">Calls a window.</param>
/// <param name="window">The window.</param>
internal sealed class CallBudget(TimeProvider clock, int most, TimeSpan window)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<CallKind, Queue<DateTimeOffset>> _calls = [];

    /// <summary>Charges one call to each, or to none.</summary>
    /// <returns>Null when all had one left, or how long until they have.</returns>
    public TimeSpan? Take(params IReadOnlyCollection<CallKind> kinds)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var queues = kinds.Select(kind => Recent(kind, now)).ToArray();
            var full = queues.Where(calls => calls.Count >= most).ToArray();
            if (full.Length > 0)
                return full.Max(calls => calls.Peek() + window - now);

            foreach (var calls in queues)
                calls.Enqueue(now);
            return null;
        }
    }

    private Queue<DateTimeOffset> Recent(CallKind kind, DateTimeOffset now)
    {
        if (!_calls.TryGetValue(kind, out var calls))
            _calls[kind] = calls = [];
        while (calls.TryPeek(out var oldest) && oldest + window <= now)
            calls.Dequeue();
        return calls;
    }
}
