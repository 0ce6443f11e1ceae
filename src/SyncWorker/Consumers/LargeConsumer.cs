using MassTransit;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Worker.Consumers;

/// <summary>Takes <see cref="LargeDelivered"/>.</summary>
internal sealed class LargeConsumer(DeliveryPipeline pipeline) : IConsumer<LargeDelivered>
{
    public Task Consume(ConsumeContext<LargeDelivered> context) => pipeline.RunAsync(context.Message, context.CancellationToken);
}

/// <summary>Its queue.</summary>
internal sealed class LargeConsumerDefinition() : DeliveryConsumerDefinition<LargeConsumer>("large");
