using System.Collections.Concurrent;
using Redbark.Sync.Contracts;
using Redbark.Sync.Ingress.Relay;

namespace Redbark.Sync.Ingress.Tests;

/// <summary>Takes deliveries as a test tells it to.</summary>
internal sealed class FakePublisher : IDeliveryPublisher
{
    private readonly ConcurrentQueue<IDelivered> _started = new();
    private readonly ConcurrentQueue<IDelivered> _published = new();
    private int _inFlight;
    private int _mostInFlight;

    /// <summary>Runs for each attempt; throws to make it fail.</summary>
    public Func<IDelivered, CancellationToken, Task> Behaviour { get; set; } = (_, _) => Task.CompletedTask;

    public IReadOnlyList<IDelivered> Attempts => [.. _started];

    public IReadOnlyList<IDelivered> Published => [.. _published];

    public int MostInFlight => _mostInFlight;

    public async Task PublishAsync(IDelivered message, CancellationToken cancellationToken)
    {
        _started.Enqueue(message);
        var now = Interlocked.Increment(ref _inFlight);
        for (var most = _mostInFlight; now > most; most = _mostInFlight)
            Interlocked.CompareExchange(ref _mostInFlight, now, most);
        try
        {
            await Behaviour(message, cancellationToken);
            _published.Enqueue(message);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }
}
