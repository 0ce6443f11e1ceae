namespace Redbark.Sync.Simulator.OpenBanking;

/// <summary>Failures of the next calls, in the order in which they were asked for. Safe for concurrent use.</summary>
/// <typeparam name="T">The failures of one provider.</typeparam>
public sealed class NextCalls<T>
    where T : struct, Enum
{
    private readonly Lock _gate = new();
    private readonly List<(T Failure, string? Endpoint)> _next = [];

    /// <summary>How many are still to come.</summary>
    public int Left
    {
        get
        {
            lock (_gate)
            {
                return _next.Count;
            }
        }
    }

    /// <summary>Lets calls fail that would be answered; calls that are refused use up nothing.</summary>
    /// <param name="failure">How.</param>
    /// <param name="calls">How many of them, 0 or more.</param>
    /// <param name="endpoint">Only calls of this endpoint; every call when null.</param>
    public void Add(T failure, int calls = 1, string? endpoint = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(calls);
        lock (_gate)
        {
            _next.AddRange(Enumerable.Repeat((failure, endpoint), calls));
        }
    }

    /// <summary>Forgets those that are still to come.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _next.Clear();
        }
    }

    internal T? Take(string endpoint)
    {
        lock (_gate)
        {
            var at = _next.FindIndex(next => next.Endpoint is null || next.Endpoint == endpoint);
            if (at < 0)
                return null;

            var failure = _next[at].Failure;
            _next.RemoveAt(at);
            return failure;
        }
    }
}
