using MassTransit;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Worker.Outbox;

/// <summary>
/// Publishes on the bus, many at once, complete when the broker has confirmed them all. Not mandatory: an event that nobody subscribed
/// to is dropped by the broker, as it should be.
/// </summary>
internal sealed class BusEventPublisher(IBus bus, TimeProvider clock) : IEventPublisher
{
    // Enough to fill the time to the broker and back.
    private const int InFlight = 500;

    // Long enough for a broker that is slow. What comes after it is published again.
    private static readonly TimeSpan LongestConfirm = TimeSpan.FromSeconds(30);

    public bool HasAudience => true;

    /// <exception cref="TimeoutException">The broker did not confirm within 30 s.</exception>
    public async Task PublishAsync(IReadOnlyList<IWorkerEvent> events, CancellationToken cancellation)
    {
        foreach (var slice in events.Chunk(InFlight))
        {
            // MassTransit may wait for ever for a channel whose connection ended at the wrong moment; meanwhile the outbox would stand still.
            await Task.WhenAll(slice.Select(happened => bus.Publish(happened, happened.GetType(), context => context.MessageId = happened.EventId, cancellation)))
                .WaitAsync(LongestConfirm, clock, cancellation);
        }
    }
}
