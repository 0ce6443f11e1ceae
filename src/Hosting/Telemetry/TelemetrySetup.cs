using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Redbark.Sync.Hosting.Telemetry;

/// <summary>Traces and metrics by OTLP, the same in every host.</summary>
public static class TelemetrySetup
{
    /// <summary>
    /// Exports to where <c>Telemetry:Endpoint</c> or <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says; without either nothing is collected. To be
    /// added before the parts of the host: what is added first starts first and stops last, so that the last spans are sent too.
    /// </summary>
    /// <param name="builder">The host's.</param>
    /// <param name="service">The host's name in telemetry, unless <c>OTEL_SERVICE_NAME</c> gives another.</param>
    public static WebApplicationBuilder AddTelemetry(this WebApplicationBuilder builder, string service)
    {
        // .NET 10 keeps method and path out of the request's span unless told otherwise; .NET 11 does not.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        builder.Services.AddOptions<TelemetryOptions>().Configure<IConfiguration>(TelemetryOptions.Read).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryOptionsValidator>();
        builder.Services.AddSingleton<IStartupFilter, RequestTags>();
        builder.Services.AddHostedService(provider => new OtlpExport(service, provider.GetRequiredService<IOptions<TelemetryOptions>>().Value));
        return builder;
    }

    private sealed class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>
    {
        public ValidateOptionsResult Validate(string? name, TelemetryOptions options) =>
            options.Problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Problems);
    }
}
