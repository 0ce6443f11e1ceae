using System.Diagnostics;
using OpenTelemetry;

namespace Redbark.Sync.Hosting.Telemetry;

/// <summary>Leaves out the requests of whoever looks every few seconds whether the host is well.</summary>
internal sealed class WithoutHealth : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.Kind == ActivityKind.Server && data.GetTagItem("url.path") is string path && path.StartsWith("/health/", StringComparison.Ordinal))
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
