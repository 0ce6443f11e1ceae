using MassTransit;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Worker.Outbox;

/// <summary>
/// Publishes on the bus, many at once, complete when the broker has confirmed them all. Not mandatory: an event that nobody subscribed
/// to is dropped by the broker, as it should be.
/// </summary>
internal sealed class BusEventPublisher(IBus bus) : IEventPublisher
{
    // Enough to fill the time to the broker and back.
    private const int InFlight = 500;

    public bool HasAudience => true;

    public async Task PublishAsync(IReadOnlyList<IWorkerEvent> events, CancellationToken cancellation)
    {
        foreach (var slice in events.Chunk(InFlight))
            await Task.WhenAll(slice.Select(happened => bus.Publish(happened, happened.GetType(), context => context.MessageId = happened.EventId, cancellation)));
    }
}
