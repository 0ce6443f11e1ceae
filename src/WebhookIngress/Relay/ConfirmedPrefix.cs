namespace Redbark.Sync.Ingress.Relay;

/// <summary>Which deliveries are on their way, and how far everything before is confirmed.</summary>
internal sealed class ConfirmedPrefix(ulong next)
{
    private readonly Lock _gate = new();
    private readonly Queue<Sent> _sent = new();
    private ulong _next = next;

    /// <summary>The first sequence that is not confirmed.</summary>
    public ulong Next
    {
        get
        {
            lock (_gate)
                return _sent.TryPeek(out var oldest) ? oldest.Sequence : _next;
        }
    }

    /// <summary>When the oldest delivery that is on its way was received; null when none is.</summary>
    public DateTimeOffset? Oldest
    {
        get
        {
            lock (_gate)
                return _sent.TryPeek(out var oldest) ? oldest.ReceivedAt : null;
        }
    }

    /// <summary>Adds a delivery; they come in order.</summary>
    public Sent Begin(ulong sequence, DateTimeOffset receivedAt)
    {
        var sent = new Sent(sequence, receivedAt);
        lock (_gate)
            _sent.Enqueue(sent);
        return sent;
    }

    public void Confirm(Sent sent)
    {
        lock (_gate)
        {
            sent.IsConfirmed = true;
            while (_sent.TryPeek(out var oldest) && oldest.IsConfirmed)
                _next = _sent.Dequeue().Sequence + 1;
        }
    }

    internal sealed class Sent(ulong sequence, DateTimeOffset receivedAt)
    {
        public ulong Sequence { get; } = sequence;

        public DateTimeOffset ReceivedAt { get; } = receivedAt;

        public bool IsConfirmed { get; set; }
    }
}
