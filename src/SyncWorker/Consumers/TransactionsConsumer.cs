using MassTransit;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Worker.Consumers;

/// <summary>Takes <see cref="TransactionsDelivered"/>.</summary>
internal sealed class TransactionsConsumer(DeliveryPipeline pipeline) : IConsumer<TransactionsDelivered>
{
    public Task Consume(ConsumeContext<TransactionsDelivered> context) => pipeline.RunAsync(context.Message, context.CancellationToken);
}

/// <summary>Its queue.</summary>
internal sealed class TransactionsConsumerDefinition() : DeliveryConsumerDefinition<TransactionsConsumer>("transactions");
