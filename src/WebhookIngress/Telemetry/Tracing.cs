using System.Diagnostics;

namespace Redbark.Sync.Ingress.Telemetry;

/// <summary>The spans of the ingress. The source is <see cref="IngressMetrics.Name"/>.</summary>
internal static class Tracing
{
    private static readonly ActivitySource Source = new(IngressMetrics.Name);

    /// <summary>The time that a delivery waits for the disk.</summary>
    public static Activity? StartAppend() => Source.StartActivity("journal append");

    /// <summary>The publish of a delivery, in the trace of the request that brought it.</summary>
    public static Activity? StartRelay(string? traceParent) =>
        ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent)
            ? Source.StartActivity("relay", ActivityKind.Internal, parent)
            : Source.StartActivity("relay");
}
