using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Redbark.Sync.Hosting.Telemetry;

/// <summary>
/// Collects spans and metrics while the host runs, and sends them. The sources are the project's own and those that ASP.NET Core,
/// HttpClient, Npgsql, MassTransit and the runtime have built in, so no instrumentation package is needed.
/// </summary>
internal sealed class OtlpExport(string service, TelemetryOptions options) : IHostedService, IDisposable
{
    private static readonly string[] Sources =
        ["Redbark.Sync.Ingress", "Redbark.Sync.Worker", "Microsoft.AspNetCore", "System.Net.Http", "MassTransit", "Npgsql"];

    private static readonly string[] Meters =
    [
        "Redbark.Sync.Ingress", "Redbark.Sync.Worker", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel",
        "System.Net.Http", "System.Runtime", "MassTransit", "Npgsql",
    ];

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Enabled)
            return Task.CompletedTask;

        var resource = ResourceBuilder.CreateDefault();
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME")))
            resource.AddService(service, autoGenerateServiceInstanceId: false);
        resource.AddAttributes([new("service.instance.id", $"{Environment.MachineName}:{Environment.ProcessId}")]);

        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .SetSampler(new ParentBasedSampler(new WorthTracing(options.SampleRatio)))
            .AddSource(Sources)
            .AddProcessor(new RequestSpans())
            .AddOtlpExporter(exporter => Aim(exporter, "v1/traces"))
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(Meters)
            .AddOtlpExporter(exporter => Aim(exporter, "v1/metrics"))
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Sends what is left.</summary>
    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private void Aim(OtlpExporterOptions exporter, string path)
    {
        exporter.Protocol = options.Protocol ?? exporter.Protocol;
        if (options.Endpoint is not { } endpoint)
            return;

        // Over gRPC the endpoint is the address; over HTTP each signal has a path of its own below it.
        exporter.Endpoint = exporter.Protocol == OtlpExportProtocol.HttpProtobuf
            ? new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/{path}")
            : endpoint;
    }
}
