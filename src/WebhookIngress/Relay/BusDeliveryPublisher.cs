using Microsoft.Extensions.Options;
using Redbark.Sync.Contracts;
using Redbark.Sync.Hosting;

namespace Redbark.Sync.Ingress.Relay;

/// <summary>
/// Publishes on RabbitMQ. RabbitMQ confirms a message that no queue takes, so each is mandatory: it comes back when it has no
/// queue, and the attempt fails with <see cref="MassTransit.MessageReturnedException"/>.
/// </summary>
internal sealed class BusDeliveryPublisher(PublishingBus bus, IOptions<RelayOptions> options) : IDeliveryPublisher
{
    public Task PublishAsync(IDelivered message, CancellationToken cancellationToken) => bus.PublishAsync(
        message,
        context =>
        {
            context.MessageId = message.Delivery.Id;
            context.Mandatory = true;
        },
        options.Value.ConfirmTimeout,
        cancellationToken);
}
