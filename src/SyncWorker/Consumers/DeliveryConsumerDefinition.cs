using MassTransit;

namespace Redbark.Sync.Worker.Consumers;

/// <summary>
/// A queue for one kind of delivery. On RabbitMQ it is a quorum queue: it survives the loss of a node. What the broker itself gives up
/// on (a message that workers never finished with, crash after crash) goes to the parking queue, never away.
/// </summary>
internal abstract class DeliveryConsumerDefinition<TConsumer> : ConsumerDefinition<TConsumer>
    where TConsumer : class, IConsumer
{
    /// <summary>Where dead letters go.</summary>
    public const string Parking = "redbark-worker-parked";

    // A consumer waits as long as the database is away; RabbitMQ would cut it off after 30 minutes.
    private static readonly TimeSpan LongestWork = TimeSpan.FromDays(365);

    // RabbitMQ 4 gives up after 20; workers that restart while the database is away give a message back that often.
    private const int MostDeliveries = 1000;

    protected DeliveryConsumerDefinition(string kind)
    {
        EndpointName = $"redbark-worker-{kind}";
        Endpoint(endpoint => endpoint.PrefetchCount = 16);
        ConcurrentMessageLimit = Math.Clamp(Environment.ProcessorCount * 2, 4, 16);
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<TConsumer> consumerConfigurator, IRegistrationContext context)
    {
        if (endpointConfigurator is not IRabbitMqReceiveEndpointConfigurator queue)
            return;

        queue.SetQuorumQueue();
        queue.SetQueueArgument("x-consumer-timeout", (long)LongestWork.TotalMilliseconds);
        queue.SetQueueArgument("x-delivery-limit", MostDeliveries);
        queue.BindDeadLetterQueue(Parking, Parking, parking => parking.SetQuorumQueue());
    }
}
