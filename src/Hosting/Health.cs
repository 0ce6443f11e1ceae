using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Redbark.Sync.Hosting;

/// <summary>Health, the same in every host.</summary>
public static class Health
{
    /// <summary>The tag of the checks that decide whether a host is ready.</summary>
    public const string Ready = "redbark-ready";

    private const string Mapped = "Redbark.Sync.Health";

    // It logs an error each time that somebody asks a host that is not ready yet.
    private const string Noise = "Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService";

    /// <summary>Adds the checks of a part of the host.</summary>
    public static IHealthChecksBuilder AddHealth(this IServiceCollection services)
    {
        services.TryAddSingleton<HealthLog>();
        services.Configure<LoggerFilterOptions>(options => options.Rules.Add(new LoggerFilterRule(providerName: null, Noise, LogLevel.None, filter: null)));
        return services.AddHealthChecks();
    }

    /// <summary>
    /// Maps <c>/health/live</c> (200 while the process answers) and <c>/health/ready</c> (503 while a check tagged
    /// <see cref="Ready"/> is unhealthy). Where two parts share a host, the second call changes nothing.
    /// </summary>
    public static WebApplication MapHealth(this WebApplication app)
    {
        if (!((IApplicationBuilder)app).Properties.TryAdd(Mapped, true))
            return app;

        app.MapHealthChecks("/health/live", new() { Predicate = _ => false, ResponseWriter = WriteAsync }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new() { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = TellAsync })
            .AllowAnonymous();
        return app;
    }

    private static Task TellAsync(HttpContext context, HealthReport report)
    {
        context.RequestServices.GetRequiredService<HealthLog>().Tell(report);
        return WriteAsync(context, report);
    }

    private static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", report.Status.ToString());
        json.WriteStartObject("checks");
        foreach (var (name, check) in report.Entries)
        {
            json.WriteStartObject(name);
            json.WriteString("status", check.Status.ToString());
            json.WriteString("description", check.Description);
            foreach (var (fact, value) in check.Data)
            {
                json.WritePropertyName(fact);
                json.WriteRawValue(JsonSerializer.Serialize(value));
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
