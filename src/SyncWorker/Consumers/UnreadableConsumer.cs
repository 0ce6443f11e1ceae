using MassTransit;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Worker.Consumers;

/// <summary>Takes <see cref="UnreadableDelivered"/>.</summary>
internal sealed class UnreadableConsumer(DeliveryPipeline pipeline) : IConsumer<UnreadableDelivered>
{
    public Task Consume(ConsumeContext<UnreadableDelivered> context) => pipeline.RunAsync(context.Message, context.CancellationToken);
}

/// <summary>Its queue.</summary>
internal sealed class UnreadableConsumerDefinition() : DeliveryConsumerDefinition<UnreadableConsumer>("unreadable");
