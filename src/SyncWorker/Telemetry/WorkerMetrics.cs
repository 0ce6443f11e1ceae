using System.Diagnostics;
using System.Diagnostics.Metrics;
using Redbark.Sync.Worker.Ledger;

namespace Redbark.Sync.Worker.Telemetry;

/// <summary>What the worker counts, under the meter <c>Redbark.Sync.Worker</c>; its spans have a source of the same name.</summary>
internal sealed class WorkerMetrics
{
    public const string Name = "Redbark.Sync.Worker";

    public static readonly ActivitySource Activities = new(Name);

    private readonly Counter<long> _rows;
    private readonly Counter<long> _deliveries;
    private readonly Histogram<double> _apply;
    private readonly Counter<long> _waits;
    private readonly Counter<long> _events;
    private readonly Histogram<double> _outboxLag;

    public WorkerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _rows = meter.CreateCounter<long>("redbark_sync.worker.rows", "{row}", "Rows of deliveries, by how they ended");
        _deliveries = meter.CreateCounter<long>("redbark_sync.worker.deliveries", "{delivery}", "Deliveries, by status; parked ones need somebody");
        _apply = meter.CreateHistogram<double>("redbark_sync.worker.apply.duration", "s", "Time to apply one delivery");
        _waits = meter.CreateCounter<long>("redbark_sync.worker.waits", "{wait}", "Attempts that a transient fault cut short");
        _events = meter.CreateCounter<long>("redbark_sync.worker.events", "{event}", "Events published from the outbox");
        _outboxLag = meter.CreateHistogram<double>("redbark_sync.worker.outbox.lag", "s", "Age of an outbox entry when its events were published");
    }

    public void DeliveryApplied(string feed, ApplyOutcome outcome, TimeSpan took)
    {
        var byFeed = new KeyValuePair<string, object?>("feed", feed);
        _deliveries.Add(1, byFeed, new("status", outcome.Status));
        _apply.Record(took.TotalSeconds);
        Rows("applied", outcome.Applied);
        Rows("unchanged", outcome.Unchanged);
        Rows("quarantined", outcome.Quarantined);
        Rows("ignored", outcome.Ignored);

        void Rows(string fate, int count)
        {
            if (count > 0)
                _rows.Add(count, byFeed, new("outcome", fate));
        }
    }

    public void Waited() => _waits.Add(1);

    public void EventsPublished(int count, TimeSpan lag)
    {
        _events.Add(count);
        _outboxLag.Record(lag.TotalSeconds);
    }
}
