using MassTransit;
using Microsoft.Extensions.Options;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Ingress.Relay;

/// <summary>
/// Publishes on RabbitMQ. RabbitMQ confirms a message that no queue takes, so each is mandatory: it comes back when it has no
/// queue, and the attempt fails with <see cref="MessageReturnedException"/>.
/// </summary>
internal sealed class BusDeliveryPublisher(IBus bus, IOptions<RelayOptions> options, TimeProvider clock) : IDeliveryPublisher
{
    public async Task PublishAsync(IDelivered message, CancellationToken cancellationToken)
    {
        // Without a connection MassTransit waits for one as long as it is let; and where a connection ends at the wrong moment it goes on
        // waiting for a channel that is gone, whatever it is told. Then it is left waiting, and the message is published again over another.
        using var timeout = new CancellationTokenSource(options.Value.ConfirmTimeout, clock);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await bus.Publish(
                message,
                message.GetType(),
                context =>
                {
                    context.MessageId = message.Delivery.Id;
                    context.Mandatory = true;
                },
                attempt.Token).WaitAsync(attempt.Token);
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"RabbitMQ did not confirm within {options.Value.ConfirmTimeout.TotalSeconds} s.", e);
        }
    }
}
