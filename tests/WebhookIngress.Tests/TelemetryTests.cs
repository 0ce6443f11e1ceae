using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Redbark.Sync.Ingress.Telemetry;
using Redbark.Sync.Testing;

namespace Redbark.Sync.Ingress.Tests;

public sealed class TelemetryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new("ingress");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Metrics_say_what_was_accepted_and_why_requests_were_refused()
    {
        var measured = new ConcurrentQueue<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == IngressMetrics.Name)
                self.EnableMeasurementEvents(instrument);
        };
        void Note<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state) =>
            measured.Enqueue($"{instrument.Name} {value} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}".TrimEnd());
        listener.SetMeasurementEventCallback<long>(Note);
        listener.SetMeasurementEventCallback<double>(Note);
        listener.Start();

        await using var ingress = await IngressDriver.StartAsync(_directory.Path, new() { ["Feeds:telemetry:Secrets:7"] = "metered" });
        await ingress.SendAsync(IngressDriver.Signed("{}"u8.ToArray(), "metered", feed: "telemetry"));
        await ingress.SendAsync(new(HttpMethod.Post, "/webhooks/telemetry") { Content = new StringContent("{}") });
        await IngressDriver.UntilAsync(() => ingress.Journal.Published == 2);
        listener.RecordObservableInstruments();

        Assert.Contains("redbark_sync.ingress.accepted 1 feed=telemetry secret=Secrets:7", measured);
        Assert.Contains("redbark_sync.ingress.rejected 1 reason=signature_missing", measured);
        Assert.Contains("redbark_sync.ingress.journal.group.size 1", measured);
        Assert.Contains("redbark_sync.ingress.relay.published 1", measured);
        Assert.Contains("redbark_sync.ingress.relay.lag 0", measured);
        Assert.Contains("redbark_sync.ingress.relay.lag.duration 0", measured);
        Assert.Contains("redbark_sync.ingress.journal.limit 10737418240", measured);
        Assert.Contains(measured, measurement => measurement.StartsWith("redbark_sync.ingress.journal.disk.free ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_publish_continues_the_trace_of_the_request()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == IngressMetrics.Name || source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var traces = new ConcurrentQueue<string?>();
        var publisher = new FakePublisher();
        publisher.Behaviour = (_, _) =>
        {
            traces.Enqueue(Activity.Current?.TraceId.ToHexString());
            return Task.CompletedTask;
        };
        await using var ingress = await IngressDriver.StartAsync(_directory.Path, publisher: publisher);
        using var request = IngressDriver.Signed("{}"u8.ToArray());
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        await ingress.SendAsync(request);
        await IngressDriver.UntilAsync(() => !traces.IsEmpty);
        Assert.Equal(["0af7651916cd43dd8448eb211c80319c"], traces);
    }
}
