using System.Diagnostics.Metrics;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances.Polling;
using Redbark.Sync.Worker.Balances.Store;
using Redbark.Sync.Worker.Telemetry;

namespace Redbark.Sync.Worker.Tests.Balances;

public sealed class BalanceMetricsTests
{
    [Fact]
    public async Task Polls_count_what_came_of_each_account_and_every_worker_tells_the_age_of_the_oldest_balance()
    {
        await using var stage = await BalanceStage.OpenAsync();
        var worker = stage.Another();
        var metrics = worker.Get<BalanceMetrics>();
        var meter = worker.Get<IMeterFactory>().Create(WorkerMetrics.Name);
        var (readings, oldest) = (new List<string>(), new List<string>());
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                // Other tests have meters of the same name.
                if (instrument.Name.StartsWith("redbark_sync.worker.balance.", StringComparison.Ordinal) && instrument.Meter == meter)
                    listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) => readings.Add($"{count} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))}"));
        listener.SetMeasurementEventCallback<double>((_, age, tags, _) => oldest.Add($"{age} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))}"));
        listener.Start();

        stage.Redbark.Has("main", "a", "b", "c");
        stage.Redbark.Answers("a", 1m);
        stage.Redbark.Answers("b", (decimal?)null);
        stage.Redbark.Fails("c", ProviderFault.Transient);
        await stage.RunAsync("poll-balances-redbark", worker);
        Assert.Equal(["1 redbark failed", "1 redbark read", "1 redbark unusable"], readings.Order());

        // Those that never had a balance wait since they were first seen.
        stage.Clock.Advance(TimeSpan.FromMinutes(10));
        stage.Redbark.Answers("a", 2m);
        await stage.RunAsync("poll-balances-redbark"); // By another worker.
        metrics.OldestAre(await worker.Get<BalanceStore>().OldestAsync(CancellationToken.None));
        listener.RecordObservableInstruments();
        Assert.Equal(["600 redbark"], oldest);
    }
}
