using System.Diagnostics.Metrics;
using Redbark.Sync.Worker.Telemetry;

namespace Redbark.Sync.Worker.Gaps;

/// <summary>What is counted of the gaps.</summary>
internal sealed class GapMetrics
{
    private readonly Counter<long> _found;
    private readonly Counter<long> _closed;
    private readonly Counter<long> _rows;
    private readonly Histogram<double> _open;

    public GapMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(WorkerMetrics.Name);
        _found = meter.CreateCounter<long>("redbark_sync.worker.gap.found", "{gap}", "Gaps that were found, by kind");
        _closed = meter.CreateCounter<long>("redbark_sync.worker.gap.closed", "{gap}", "Gaps that were closed, by kind and by how");
        _rows = meter.CreateCounter<long>("redbark_sync.worker.gap.rows", "{row}", "Rows that entered the ledger or changed it when gaps were healed");
        _open = meter.CreateHistogram<double>("redbark_sync.worker.gap.open_time", "s", "From finding a gap to closing it");
    }

    public void Found(string kind) => _found.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public void Closed(string kind, string state, TimeSpan open)
    {
        _closed.Add(1, new("kind", kind), new("state", state));
        _open.Record(open.TotalSeconds, new KeyValuePair<string, object?>("kind", kind));
    }

    public void Applied(string kind, int rows) => _rows.Add(rows, new KeyValuePair<string, object?>("kind", kind));
}
