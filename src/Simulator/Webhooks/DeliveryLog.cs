namespace Redbark.Sync.Simulator.Webhooks;

/// <summary>How one attempt ended.</summary>
public enum AttemptOutcome
{
    /// <summary>2xx.</summary>
    Delivered,

    /// <summary>429 or 5xx: tried again.</summary>
    Postponed,

    /// <summary>Another 4xx: final.</summary>
    Refused,

    /// <summary>3xx: a failure, never followed.</summary>
    Redirected,

    /// <summary>No connection, or it broke: tried again.</summary>
    NetworkError,

    /// <summary>No answer in time: tried again.</summary>
    TimedOut,
}

/// <summary>One POST.</summary>
/// <param name="EventId">The event's id.</param>
/// <param name="At">When it was sent.</param>
/// <param name="Retry">0 for the first attempt.</param>
/// <param name="Status">HTTP status, when there was an answer.</param>
/// <param name="ResponseTime">Until the answer, or until it was given up.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Error">What the network said, when there was no answer.</param>
public sealed record DeliveryAttempt(
    string EventId, DateTimeOffset At, int Retry, int? Status, TimeSpan ResponseTime, AttemptOutcome Outcome, string? Error = null);

/// <summary>The Deliveries view: the last 50 attempts (spec 3.3).</summary>
public sealed class DeliveryLog
{
    private const int Capacity = 50;
    private readonly Lock _gate = new();
    private readonly Queue<DeliveryAttempt> _attempts = new(Capacity);

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<DeliveryAttempt> Attempts
    {
        get
        {
            lock (_gate)
            {
                return [.. _attempts];
            }
        }
    }

    internal void Add(DeliveryAttempt attempt)
    {
        lock (_gate)
        {
            if (_attempts.Count == Capacity)
                _attempts.Dequeue();
            _attempts.Enqueue(attempt);
        }
    }
}
