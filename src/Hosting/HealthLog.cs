using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Redbark.Sync.Hosting;

/// <summary>Says in the log when a host becomes ready and when it no longer is; not each time that somebody asks.</summary>
internal sealed partial class HealthLog(ILogger<HealthLog> logger)
{
    private const int Unknown = 0, Ready = 1, NotReady = 2;

    private int _said = Unknown;

    public void Tell(HealthReport report)
    {
        var now = report.Status is HealthStatus.Unhealthy ? NotReady : Ready;
        var before = Interlocked.Exchange(ref _said, now);
        if (before == now)
            return;
        if (now == Ready && before == NotReady)
            Log.Ready(logger);
        // Not yet is no fault; not any more may be one.
        else if (now == NotReady)
            Log.NotReady(logger, before == Unknown ? LogLevel.Information : LogLevel.Warning, string.Join(" ", report.Entries.Values.Where(check => check.Status is HealthStatus.Unhealthy).Select(check => check.Description)));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Ready")]
        public static partial void Ready(ILogger logger);

        [LoggerMessage(Message = "Not ready: {Reasons}")]
        public static partial void NotReady(ILogger logger, LogLevel level, string reasons);
    }
}
