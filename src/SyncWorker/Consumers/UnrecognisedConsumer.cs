using MassTransit;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Worker.Consumers;

/// <summary>Takes <see cref="UnrecognisedDelivered"/>.</summary>
internal sealed class UnrecognisedConsumer(DeliveryPipeline pipeline) : IConsumer<UnrecognisedDelivered>
{
    public Task Consume(ConsumeContext<UnrecognisedDelivered> context) => pipeline.RunAsync(context.Message, context.CancellationToken);
}

/// <summary>Its queue.</summary>
internal sealed class UnrecognisedConsumerDefinition() : DeliveryConsumerDefinition<UnrecognisedConsumer>("unrecognised");
