using System.Diagnostics.Metrics;
using Redbark.Sync.Worker.Telemetry;

namespace Redbark.Sync.Worker.Scheduling;

/// <summary>What is counted of the jobs.</summary>
internal sealed class JobMetrics
{
    private readonly Counter<long> _runs;
    private readonly Histogram<double> _duration;

    public JobMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(WorkerMetrics.Name);
        _runs = meter.CreateCounter<long>("redbark_sync.worker.job.runs", "{run}", "Runs of scheduled jobs, by how they ended");
        _duration = meter.CreateHistogram<double>("redbark_sync.worker.job.duration", "s", "How long runs of scheduled jobs took");
    }

    public void Finished(JobRun run, string outcome, TimeSpan took)
    {
        // Not "job": Prometheus has a label of that name for who was asked.
        var name = new KeyValuePair<string, object?>("name", run.Job);
        _runs.Add(1, name, new("outcome", outcome), new("trigger", run.Trigger));
        if (outcome != JobOutcome.Skipped)
            _duration.Record(took.TotalSeconds, name);
    }
}
