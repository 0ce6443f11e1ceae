using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Redbark.Sync.Worker.Balances.Store;
using Redbark.Sync.Worker.Telemetry;

namespace Redbark.Sync.Worker.Balances.Polling;

/// <summary>What is counted about balances, under the worker's meter.</summary>
internal sealed class BalanceMetrics
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _oldest = new(StringComparer.Ordinal);
    private readonly Counter<long> _readings;

    public BalanceMetrics(IMeterFactory meters, TimeProvider clock)
    {
        var meter = meters.Create(WorkerMetrics.Name);
        _readings = meter.CreateCounter<long>("redbark_sync.worker.balance.readings", "{reading}", "Accounts read at a provider, by what came of it");
        meter.CreateObservableGauge(
            "redbark_sync.worker.balance.oldest",
            () => _oldest.Select(oldest => new Measurement<double>((clock.GetUtcNow() - oldest.Value).TotalSeconds, new KeyValuePair<string, object?>("provider", oldest.Key))),
            "s", "Age of the oldest balance of a provider's accounts");
    }

    public void WasRead(string provider, ReadingOutcome outcome) => _readings.Add(1, new("provider", provider), new("outcome", Word.Of(outcome)));

    /// <summary>Takes up when the oldest last good balance of each provider was read.</summary>
    public void OldestAre(IReadOnlyDictionary<string, DateTimeOffset> byProvider)
    {
        foreach (var gone in _oldest.Keys.Where(provider => !byProvider.ContainsKey(provider)))
            _oldest.TryRemove(gone, out _);
        foreach (var (provider, oldest) in byProvider)
            _oldest[provider] = oldest;
    }
}
