using System.Diagnostics.Metrics;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Telemetry;

/// <summary>
/// Shows <see cref="Standing"/> as gauges. It is read once a minute and not when a collector asks, so that asking costs the database
/// nothing. Every worker shows the same figures: take their greatest, not their sum.
/// </summary>
internal sealed partial class StandingGauges : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1);

    private readonly StandingReader _reader;
    private readonly DatabaseReadiness _readiness;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private volatile Standing? _last;

    public StandingGauges(StandingReader reader, DatabaseReadiness readiness, IMeterFactory meters, TimeProvider clock, ILogger<StandingGauges> logger)
    {
        (_reader, _readiness, _clock, _logger) = (reader, readiness, clock, logger);
        var meter = meters.Create(WorkerMetrics.Name);
        meter.CreateObservableGauge("redbark_sync.worker.quarantine.open", () => One(standing => standing.Quarantined), "{row}", "Rows in quarantine that wait for a person");
        meter.CreateObservableGauge("redbark_sync.worker.deliveries.parked", () => One(standing => standing.Parked), "{delivery}", "Deliveries that could not be applied and wait for a replay");
        meter.CreateObservableGauge("redbark_sync.worker.connections.attention", () => One(standing => standing.Connections), "{connection}", "Connections and consents that need a person");
        meter.CreateObservableGauge("redbark_sync.worker.consents.ending", () => One(standing => standing.EndingConsents), "{connection}", "Connections whose consent ends soon and has to be given again");
        meter.CreateObservableGauge("redbark_sync.worker.proofs", () => Each(standing => standing.Proofs, "status"), "{proof}", "Proofs of accounts and securities, by status");
        meter.CreateObservableGauge("redbark_sync.worker.gaps.open", () => Each(standing => standing.Gaps, "state"), "{gap}", "Gaps that are not closed, by state");
        meter.CreateObservableGauge("redbark_sync.worker.feed.silent", () => Feeds(feed => feed.IsSilent ? 1L : 0L), "{feed}", "1 while a feed is silent against its own rhythm, else 0, by feed");
        meter.CreateObservableGauge("redbark_sync.worker.feed.quiet", () => Feeds(feed => Math.Max(0, (clock.GetUtcNow() - feed.LastDeliveryAt).TotalSeconds)), "s", "Time since the last delivery, by feed");
    }

    /// <summary>Reads once.</summary>
    public async Task LookAsync(CancellationToken cancellation) => _last = await _reader.ReadAsync(cancellation);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _readiness.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // An old figure would look like a true one.
                _last = null;
                Log.NotKnown(_logger, error);
            }

            await Task.Delay(BetweenLooks, _clock, stoppingToken);
        }
    }

    private Measurement<long>[] One(Func<Standing, long> figure) => _last is { } standing ? [new(figure(standing))] : [];

    private Measurement<long>[] Each(Func<Standing, IReadOnlyDictionary<string, long>> figures, string tag) =>
        _last is { } standing ? [.. figures(standing).Select(figure => new Measurement<long>(figure.Value, new KeyValuePair<string, object?>(tag, figure.Key)))] : [];

    private Measurement<T>[] Feeds<T>(Func<StandingFeed, T> figure) where T : struct =>
        _last is { } standing ? [.. standing.Feeds.Select(feed => new Measurement<T>(figure(feed), new KeyValuePair<string, object?>("feed", feed.Name)))] : [];

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "What stands in the ledger could not be looked up for the metrics")]
        public static partial void NotKnown(ILogger logger, Exception error);
    }
}
