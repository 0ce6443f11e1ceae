using System.Diagnostics.Metrics;
using Redbark.Sync.Ingress.Journal;

namespace Redbark.Sync.Ingress.Telemetry;

/// <summary>The ingress in figures. The meter is <see cref="Name"/>.</summary>
internal sealed class IngressMetrics
{
    public const string Name = "Redbark.Sync.Ingress";

    private const string Prefix = "redbark_sync.ingress.";

    private readonly Meter _meter;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _rejected;
    private readonly Histogram<double> _appendDuration;
    private readonly Histogram<long> _groupSize;
    private readonly Counter<long> _journalBytes;
    private readonly Counter<long> _setAside;
    private readonly Counter<long> _lost;
    private readonly Counter<long> _published;
    private readonly Counter<long> _publishFailures;
    private long _oldestUnpublished;

    public IngressMetrics(IMeterFactory meters, TimeProvider clock)
    {
        _meter = meters.Create(Name);
        _accepted = _meter.CreateCounter<long>(Prefix + "accepted", "{delivery}", "Deliveries stored and answered 200, by feed and secret.");
        _rejected = _meter.CreateCounter<long>(Prefix + "rejected", "{request}", "Requests refused, by reason.");
        _appendDuration = _meter.CreateHistogram<double>(Prefix + "journal.append.duration", "s", "Time of one write and flush.");
        _groupSize = _meter.CreateHistogram<long>(Prefix + "journal.group.size", "{record}", "Records in one write.");
        _journalBytes = _meter.CreateCounter<long>(Prefix + "journal.written", "By", "Bytes written.");
        _setAside = _meter.CreateCounter<long>(Prefix + "journal.set_aside", "{part}", "Damaged parts of segments that were set aside.");
        _lost = _meter.CreateCounter<long>(Prefix + "journal.lost", "{record}", "Records that could not be read.");
        _published = _meter.CreateCounter<long>(Prefix + "relay.published", "{delivery}", "Deliveries that are safe downstream.");
        _publishFailures = _meter.CreateCounter<long>(Prefix + "relay.publish.failures", "{attempt}", "Attempts to publish that failed.");
        _meter.CreateObservableGauge(
            Prefix + "relay.lag.duration", () => LagSince(clock.GetUtcNow()), "s", "Age of the oldest delivery that is not published.");
    }

    /// <summary>When the oldest delivery that is not published was received; null when all are.</summary>
    public DateTimeOffset? OldestUnpublished
    {
        get => Volatile.Read(ref _oldestUnpublished) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
        set => Volatile.Write(ref _oldestUnpublished, value?.UtcTicks ?? 0);
    }

    public void Accepted(string feed, string secretName) => _accepted.Add(1, new("feed", feed), new("secret", secretName));

    public void Rejected(string reason) => _rejected.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Appended(int records, long bytes, TimeSpan duration)
    {
        _appendDuration.Record(duration.TotalSeconds);
        _groupSize.Record(records);
        _journalBytes.Add(bytes);
    }

    public void SetAside() => _setAside.Add(1);

    public void Lost(long records) => _lost.Add(records);

    public void Published() => _published.Add(1);

    public void PublishFailed(string error) => _publishFailures.Add(1, new KeyValuePair<string, object?>("error", error));

    public void Observe(DeliveryJournal journal)
    {
        _meter.CreateObservableGauge(Prefix + "journal.size", () => journal.TotalBytes, "By", "Bytes of all segments.");
        _meter.CreateObservableGauge(
            Prefix + "journal.unpublished", () => journal.UnpublishedBytes, "By", "Bytes of the segments that hold something that is not published.");
        _meter.CreateObservableGauge(Prefix + "journal.limit", () => journal.MaxBytes, "By", "Bytes that the segments may take together.");
        _meter.CreateObservableGauge(Prefix + "journal.disk.free", () => journal.FreeBytes, "By", "Bytes that are free on the journal's disk.");
        _meter.CreateObservableGauge(
            Prefix + "relay.lag", () => (long)(journal.End - journal.Published), "{delivery}", "Deliveries that are not published.");
    }

    private double LagSince(DateTimeOffset now)
    {
        var oldest = Volatile.Read(ref _oldestUnpublished);
        return oldest == 0 ? 0 : Math.Max(0, (now.UtcTicks - oldest) / (double)TimeSpan.TicksPerSecond);
    }
}
