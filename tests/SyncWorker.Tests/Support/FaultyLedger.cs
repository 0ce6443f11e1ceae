using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Ledger;

namespace Redbark.Sync.Worker.Tests.Support;

/// <summary>A ledger that fails as told before it does its work.</summary>
internal sealed class FaultyLedger(ILedger inner) : ILedger
{
    public Func<int, Exception?> Fault { get; set; } = _ => null;

    public int Attempts { get; private set; }

    public Task<ApplyOutcome> ApplyAsync(IDelivered message, CancellationToken cancellation) =>
        Fault(++Attempts) is { } error ? Task.FromException<ApplyOutcome>(error) : inner.ApplyAsync(message, cancellation);

    public Task<ApplyOutcome> ParkAsync(Delivery delivery, string error, CancellationToken cancellation) => inner.ParkAsync(delivery, error, cancellation);
}
