using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Redbark.Sync.Hosting.Telemetry;

/// <summary>Adds the route to a request's span: ASP.NET Core 10 adds method, path and status, but not that.</summary>
internal sealed class RequestRoutes(IOptions<TelemetryOptions> options) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => !options.Value.Enabled ? next : app =>
    {
        app.Use(static async (HttpContext context, RequestDelegate inner) =>
        {
            await inner(context);
            if (context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
                context.Features.Get<IHttpActivityFeature>()?.Activity.SetTag("http.route", route);
        });
        next(app);
    };
}
