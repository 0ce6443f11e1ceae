using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Json;

namespace Redbark.Sync.Hosting;

/// <summary>Serilog behind <c>ILogger</c>, the same in every host.</summary>
public static class HostLogging
{
    /// <summary>
    /// Logs to the console as text, or as JSON lines where <c>Logging:Format</c> is <c>json</c>, and to a daily file where
    /// <c>Logging:File</c> names one. The <c>Serilog</c> section can change levels and add sinks.
    /// </summary>
    public static WebApplicationBuilder AddHostLogging(this WebApplicationBuilder builder)
    {
        var settings = builder.Configuration;
        var logger = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
            .MinimumLevel.Override("System.Net.Http", LogEventLevel.Warning)
            .MinimumLevel.Override("MassTransit", LogEventLevel.Warning)
            .MinimumLevel.Override("Npgsql", LogEventLevel.Warning)
            .MinimumLevel.Override("Quartz", LogEventLevel.Warning)
            .Enrich.FromLogContext();

        if (string.Equals(settings["Logging:Format"], "json", StringComparison.OrdinalIgnoreCase))
            logger.WriteTo.Console(new JsonFormatter(renderMessage: true));
        else
            logger.WriteTo.Console(outputTemplate: "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext}: {Message:lj}{NewLine}{Exception}");

        if (settings["Logging:File"] is { Length: > 0 } path)
            logger.WriteTo.Async(to => to.File(new JsonFormatter(renderMessage: true), path, rollingInterval: RollingInterval.Day));

        logger.ReadFrom.Configuration(settings);
        builder.Logging.ClearProviders();
        builder.Logging.AddSerilog(logger.CreateLogger(), dispose: true);
        return builder;
    }
}
