using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Redbark.Sync.Hosting.Telemetry;

/// <summary>Adds route and status to a request's span: ASP.NET Core 10 adds what is known when it begins, but not these.</summary>
internal sealed class RequestTags(IOptions<TelemetryOptions> options) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => !options.Value.Enabled ? next : app =>
    {
        app.Use(static async (HttpContext context, RequestDelegate inner) =>
        {
            await inner(context);
            if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } span)
                return;

            var status = context.Response.StatusCode;
            span.SetTag("http.response.status_code", status);
            if (status >= 500)
                span.SetStatus(ActivityStatusCode.Error);
            if (context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
                span.SetTag("http.route", route);
        });
        next(app);
    };
}
