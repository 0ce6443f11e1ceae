using MassTransit;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Worker.Consumers;

/// <summary>Takes <see cref="TradesDelivered"/>.</summary>
internal sealed class TradesConsumer(DeliveryPipeline pipeline) : IConsumer<TradesDelivered>
{
    public Task Consume(ConsumeContext<TradesDelivered> context) => pipeline.RunAsync(context.Message, context.CancellationToken);
}

/// <summary>Its queue.</summary>
internal sealed class TradesConsumerDefinition() : DeliveryConsumerDefinition<TradesConsumer>("trades");
