using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;

namespace Redbark.Sync.Hosting.Telemetry;

/// <summary>The <c>Telemetry</c> section. What it does not say is said by OpenTelemetry's own variables (<c>OTEL_…</c>).</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Telemetry";

    /// <summary>OpenTelemetry's own variables that switch it on; the exporter reads them by itself.</summary>
    private static readonly string[] Variables =
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    /// <summary>Where the collector is, <c>http://collector:4317</c>; null where the variables say it.</summary>
    public Uri? Endpoint { get; private set; }

    /// <summary>How to speak to <see cref="Endpoint"/>; null where the variables say it.</summary>
    public OtlpExportProtocol? Protocol { get; private set; }

    /// <summary>The part of the traces that is kept, 0 to 1. A trace that came with a request is kept when its sender keeps it.</summary>
    public double SampleRatio { get; private set; } = 1;

    /// <summary>Whether anything is exported at all.</summary>
    public bool Enabled { get; private set; }

    /// <summary>What is wrong: the key, what was found, what is expected.</summary>
    public List<string> Problems { get; } = [];

    public static void Read(TelemetryOptions options, IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        options.ReadEndpoint(section.GetSection("Endpoint"));
        options.ReadProtocol(section.GetSection("Protocol"));
        options.ReadSampleRatio(section.GetSection("SampleRatio"));
        options.Enabled = options.Endpoint is not null || Variables.Any(variable => !string.IsNullOrEmpty(configuration[variable]));
    }

    private void ReadEndpoint(IConfigurationSection item)
    {
        if (string.IsNullOrEmpty(item.Value))
            return;
        if (Uri.TryCreate(item.Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            Endpoint = url;
        else
            Problems.Add($"{item.Path}: expected an http:// or https:// address, found '{item.Value}'.");
    }

    private void ReadProtocol(IConfigurationSection item) => Protocol = item.Value switch
    {
        null or "" => null,
        "grpc" => OtlpExportProtocol.Grpc,
        "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
        var other => Refuse(item, "grpc or http/protobuf", other),
    };

    private void ReadSampleRatio(IConfigurationSection item)
    {
        if (string.IsNullOrEmpty(item.Value))
            return;
        if (double.TryParse(item.Value, System.Globalization.CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1)
            SampleRatio = ratio;
        else
            Problems.Add($"{item.Path}: expected a number from 0 to 1, found '{item.Value}'.");
    }

    private OtlpExportProtocol? Refuse(IConfigurationSection item, string expected, string found)
    {
        Problems.Add($"{item.Path}: expected {expected}, found '{found}'.");
        return null;
    }
}
