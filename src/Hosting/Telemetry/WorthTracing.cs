using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Redbark.Sync.Hosting.Telemetry;

/// <summary>
/// Which traces begin: a part of them, and none with a call of ours to a server. Such a call stands alone only in a loop that looks for
/// work every second (the schedule, the outbox), and those would bury the rest.
/// </summary>
internal sealed class WorthTracing(double ratio) : Sampler
{
    private readonly TraceIdRatioBasedSampler _part = new(ratio);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        samplingParameters.Kind == ActivityKind.Client
            ? new SamplingResult(SamplingDecision.Drop)
            : _part.ShouldSample(samplingParameters);
}
