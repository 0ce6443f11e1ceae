using Redbark.Sync.Contracts;

namespace Redbark.Sync.Ingress.Relay;

/// <summary>Takes deliveries from the ingress to whoever applies them.</summary>
public interface IDeliveryPublisher
{
    /// <summary>
    /// Completes only when the message is safe downstream: on RabbitMQ confirmed and routed to a queue; in one process with the
    /// worker, committed. Any exception means "not known to be safe": the same message is published again later, without limit.
    /// </summary>
    Task PublishAsync(IDelivered message, CancellationToken cancellationToken);
}
