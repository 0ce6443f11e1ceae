using System.Diagnostics;
using OpenTelemetry;

namespace Redbark.Sync.Hosting.Telemetry;

/// <summary>
/// Names the spans of requests by method and route, and leaves out those of whoever looks every few seconds whether the host is well.
/// </summary>
internal sealed class RequestSpans : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.Kind != ActivityKind.Server || data.GetTagItem("http.request.method") is not string method)
            return;

        if (data.GetTagItem("url.path") is string path && path.StartsWith("/health/", StringComparison.Ordinal))
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        data.DisplayName = data.GetTagItem("http.route") is string route ? $"{method} {route}" : method;
    }
}
