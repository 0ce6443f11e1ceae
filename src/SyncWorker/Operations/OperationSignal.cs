using System.Collections.Concurrent;

namespace Redbark.Sync.Worker.Operations;

/// <summary>Tells the worker that something of a kind was asked for.</summary>
internal sealed class OperationSignal
{
    private readonly ConcurrentDictionary<string, KindSignal> _kinds = new(StringComparer.Ordinal);

    public void Wake(string kind) => Of(kind).Wake();

    /// <summary>Waits for a signal, at most so long.</summary>
    public Task WaitAsync(string kind, TimeSpan atMost, TimeProvider clock, CancellationToken cancellation) => Of(kind).WaitAsync(atMost, clock, cancellation);

    private KindSignal Of(string kind) => _kinds.GetOrAdd(kind, _ => new KindSignal());

    private sealed class KindSignal : WakeSignal;
}
