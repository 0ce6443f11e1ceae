using Redbark.Sync.EndToEnd.Tests.Harness;
using Redbark.Sync.Testing;
using Redbark.Sync.Testing.Otlp;

namespace Redbark.Sync.EndToEnd.Tests.Telemetry;

/// <summary>What a collector is sent while deliveries go from the request to the commit.</summary>
public sealed class TraceTests
{
    private const string Ingress = "redbark-sync-ingress";
    private const string Worker = "redbark-sync-worker";

    [Fact]
    public async Task One_trace_goes_from_the_request_through_the_broker_to_the_commit()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var database = await TestServers.CreateDatabaseAsync();
        await using var broker = await TestServers.CreateVirtualHostAsync();
        await using var stack = new DistributedStack(database.ConnectionString, broker.ConnectionString, environment: collector.Settings);
        await stack.StartAsync();
        await stack.Sender.SendAsync(1);
        await LedgerReader.HoldsExactlyAsync(database.ConnectionString, stack.Sender, () => stack.Output);

        ReceivedSpan[] way = [];
        await Eventually.HoldsAsync(
            () =>
            {
                way = WayOf(collector, span => span is { Service: Worker, Name: "ledger commit" });
                return Task.FromResult(way.Length > 0 && way[^1].ParentId.Length == 0);
            },
            "the commit's span has come, and all that it is a part of",
            () => string.Join('\n', collector.Spans.Select(span => $"{span.TraceId} {span.SpanId} < {span.ParentId} {span.Service} {span.Source} {span.Name}")));

        // From the commit outwards to the request, each a part of the next.
        Assert.Equal(
            [
                (Worker, "Redbark.Sync.Worker", "ledger commit"),
                (Worker, "Redbark.Sync.Worker", "ledger apply"),
                (Ingress, "Redbark.Sync.Ingress", "relay"),
                (Ingress, "Microsoft.AspNetCore", "POST /webhooks/{feed}"),
            ],
            way.Where(span => span.Source != "MassTransit").Select(span => (span.Service, span.Source, span.Name)));
        Assert.Equal([Worker, Worker, Ingress], way.Where(span => span.Source == "MassTransit").Select(span => span.Service));
        Assert.Equal("200", way[^1].Attributes["http.response.status_code"]);

        // The same trace holds the wait for the disk and the statements.
        var trace = collector.Spans.Where(span => span.TraceId == way[0].TraceId).ToList();
        Assert.Contains(trace, span => span is { Service: Ingress, Name: "journal append" });
        Assert.Contains(trace, span => span is { Service: Worker, Source: "Npgsql" });
    }

    /// <summary>A span, what it is a part of, and so on outwards.</summary>
    private static ReceivedSpan[] WayOf(OtlpReceiver collector, Predicate<ReceivedSpan> innermost)
    {
        var spans = collector.Spans;
        var way = new List<ReceivedSpan>();
        for (var span = spans.FirstOrDefault(span => innermost(span)); span is not null;
            span = spans.FirstOrDefault(outer => outer.TraceId == way[^1].TraceId && outer.SpanId == way[^1].ParentId))
            way.Add(span);
        return [.. way];
    }
}
