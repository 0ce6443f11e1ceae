using MassTransit.Mediator;
using Redbark.Sync.Contracts;
using Redbark.Sync.Ingress;

namespace Redbark.Sync.Standalone.Hosting;

/// <summary>Hands a delivery to the worker's consumers in this process; complete when they have committed.</summary>
internal sealed class MediatorDeliveryPublisher(IMediator mediator) : IDeliveryPublisher
{
    // By its own type: the mediator finds the consumer by it, and refuses a message that none takes.
    public Task PublishAsync(IDelivered message, CancellationToken cancellationToken) => mediator.Send(message, message.GetType(), cancellationToken);
}
