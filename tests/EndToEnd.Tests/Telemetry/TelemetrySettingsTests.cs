using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;
using Redbark.Sync.Hosting.Telemetry;

namespace Redbark.Sync.EndToEnd.Tests.Telemetry;

public sealed class TelemetrySettingsTests
{
    [Fact]
    public void Without_an_endpoint_nothing_is_collected()
    {
        Assert.False(Read().Enabled);
        Assert.False(Read(("OTEL_EXPORTER_OTLP_ENDPOINT", "")).Enabled);
        Assert.False(Read(("Telemetry:Endpoint", ""), ("Telemetry:SampleRatio", "0.5")).Enabled);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")]
    [InlineData("Telemetry:Endpoint")]
    public void An_endpoint_switches_it_on(string key) => Assert.True(Read((key, "http://127.0.0.1:4317")).Enabled);

    [Fact]
    public void The_settings_say_where_and_how()
    {
        var options = Read(("Telemetry:Endpoint", "https://collector.example:4318"), ("Telemetry:Protocol", "http/protobuf"), ("Telemetry:SampleRatio", "0.25"));
        Assert.Empty(options.Problems);
        Assert.Equal((new Uri("https://collector.example:4318"), OtlpExportProtocol.HttpProtobuf, 0.25), (options.Endpoint!, options.Protocol!.Value, options.SampleRatio));
    }

    [Theory]
    [InlineData("Telemetry:Endpoint", "collector:4317", "Telemetry:Endpoint: expected an http:// or https:// address, found 'collector:4317'.")]
    [InlineData("Telemetry:Protocol", "json", "Telemetry:Protocol: expected grpc or http/protobuf, found 'json'.")]
    [InlineData("Telemetry:SampleRatio", "2", "Telemetry:SampleRatio: expected a number from 0 to 1, found '2'.")]
    public void A_setting_that_cannot_be_used_is_named(string key, string value, string expected) => Assert.Equal([expected], Read((key, value)).Problems);

    private static TelemetryOptions Read(params (string Key, string Value)[] settings)
    {
        var options = new TelemetryOptions();
        TelemetryOptions.Read(options, new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());
        return options;
    }
}
