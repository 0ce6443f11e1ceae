using Redbark.Sync.Contracts;
using Redbark.Sync.Hosting;

namespace Redbark.Sync.Worker.Outbox;

/// <summary>
/// Publishes on the bus, many at once, complete when the broker has confirmed them all. Not mandatory: an event that nobody subscribed
/// to is dropped by the broker, as it should be.
/// </summary>
internal sealed class BusEventPublisher(PublishingBus bus) : IEventPublisher
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
            await Task.WhenAll(slice.Select(happened => bus.PublishAsync(happened, context => context.MessageId = happened.EventId, LongestConfirm, cancellation)));
    }
}
