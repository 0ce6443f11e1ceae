using Redbark.Sync.Contracts;

namespace Redbark.Sync.Worker.Outbox;

/// <summary>Where the worker's events go.</summary>
public interface IEventPublisher
{
    /// <summary>False when nobody can subscribe: then events are not even read from the ledger.</summary>
    bool HasAudience { get; }

    /// <summary>Publishes events; complete when they are safe. May be called again with the same events.</summary>
    Task PublishAsync(IReadOnlyList<IWorkerEvent> events, CancellationToken cancellation);
}

/// <summary>For one process without a bus: there is nobody who could subscribe.</summary>
internal sealed class NoAudience : IEventPublisher
{
    public bool HasAudience => false;

    public Task PublishAsync(IReadOnlyList<IWorkerEvent> events, CancellationToken cancellation) => Task.CompletedTask;
}
