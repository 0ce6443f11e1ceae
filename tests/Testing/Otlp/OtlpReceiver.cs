using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Redbark.Sync.Testing.Otlp;

/// <summary>A collector of a test's own: takes OTLP over HTTP on loopback, and keeps what it was sent.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedSpan> _spans = new();
    private readonly ConcurrentDictionary<(string Service, string Name), string> _metrics = new();

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add($"http://127.0.0.1:{FreePort.Next()}");
        _app.MapPost("/v1/traces", context => TakeAsync(context, TakeSpans));
        _app.MapPost("/v1/metrics", context => TakeAsync(context, TakeMetrics));
    }

    public Uri Address => new(_app.Urls.Single());

    public IReadOnlyCollection<ReceivedSpan> Spans => [.. _spans];

    /// <summary>Units by the service that sent the metric and the metric's name.</summary>
    public IReadOnlyDictionary<(string Service, string Name), string> Metrics => _metrics;

    /// <summary>The environment of a process that is to send here, soon after it has something.</summary>
    public Dictionary<string, string> Settings => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "50",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
    };

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static async Task TakeAsync(HttpContext context, Action<Protobuf> take)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        take(Protobuf.Read(body.ToArray()));
        context.Response.ContentType = "application/x-protobuf";
    }

    private void TakeSpans(Protobuf request)
    {
        foreach (var resource in request.Messages(1))
        {
            var service = Service(resource);
            foreach (var scope in resource.Messages(2))
            {
                foreach (var span in scope.Messages(2))
                {
                    _spans.Enqueue(new ReceivedSpan(
                        service, scope.Message(1)!.Text(1), span.Text(5), (int)span.Number(6), span.Hex(1), span.Hex(2), span.Hex(4), Attributes(span, 9)));
                }
            }
        }
    }

    private void TakeMetrics(Protobuf request)
    {
        foreach (var resource in request.Messages(1))
        {
            var service = Service(resource);
            foreach (var metric in resource.Messages(2).SelectMany(scope => scope.Messages(2)))
                _metrics[(service, metric.Text(1))] = metric.Text(3);
        }
    }

    private static string Service(Protobuf resource) => Attributes(resource.Message(1)!, 1).GetValueOrDefault("service.name", "");

    private static Dictionary<string, string> Attributes(Protobuf message, int field)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var attribute in message.Messages(field))
        {
            if (attribute.Message(2) is { } value)
                attributes[attribute.Text(1)] = value.Has(1) ? value.Text(1) : value.Number(3).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return attributes;
    }
}

/// <summary>A span as it arrived; ids in hex, no parent is the empty text.</summary>
/// <param name="Service">The host that sent it.</param>
/// <param name="Source">What made it.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Kind">OTLP's number: 1 internal, 2 server, 3 client, 4 producer, 5 consumer.</param>
/// <param name="TraceId">The trace it belongs to.</param>
/// <param name="SpanId">Its own id.</param>
/// <param name="ParentId">The span that it is a part of.</param>
/// <param name="Attributes">Texts and whole numbers.</param>
public sealed record ReceivedSpan(
    string Service, string Source, string Name, int Kind, string TraceId, string SpanId, string ParentId, IReadOnlyDictionary<string, string> Attributes);
