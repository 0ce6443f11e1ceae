using MassTransit;

namespace Redbark.Sync.Worker.Consumers;

/// <summary>The worker's consumers.</summary>
public static class WorkerConsumers
{
    /// <summary>Adds one consumer a kind of delivery, to a bus or to a mediator.</summary>
    public static void AddWorkerConsumers(this IRegistrationConfigurator registration)
    {
        registration.AddConsumer<TransactionsConsumer, TransactionsConsumerDefinition>();
        registration.AddConsumer<TradesConsumer, TradesConsumerDefinition>();
        registration.AddConsumer<UnreadableConsumer, UnreadableConsumerDefinition>();
        registration.AddConsumer<UnrecognisedConsumer, UnrecognisedConsumerDefinition>();
        registration.AddConsumer<LargeConsumer, LargeConsumerDefinition>();
    }
}
