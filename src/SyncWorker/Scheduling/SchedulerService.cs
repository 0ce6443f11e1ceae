using Microsoft.Extensions.Options;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Scheduling;

/// <summary>
/// Starts the scheduler once the database is there, makes up for what was missed (at start, and while the database was away), and ends
/// the runs when the host stops.
/// </summary>
internal sealed partial class SchedulerService(
    IJobScheduler scheduler, JobRunner runner, JobCatalog catalog, IOptions<ScheduleOptions> options, DatabaseReadiness readiness, TimeProvider clock,
    ILogger<SchedulerService> logger) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private bool _started;
    private long _ready;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await runner.StopAsync(cancellationToken);
        if (_started)
            await scheduler.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            Log.Off(logger, ScheduleOptions.EnabledKey);
            return;
        }

        await readiness.WaitAsync(stoppingToken);
        _ready = clock.GetTimestamp();
        await WhenTheDatabaseAnswersAsync(cancellation => runner.CatchUpAsync(TimeSpan.Zero, cancellation), stoppingToken);
        await WhenTheDatabaseAnswersAsync(StartAsync, stoppingToken);
        while (true)
        {
            await Task.Delay(BetweenLooks, clock, stoppingToken);
            await WhenTheDatabaseAnswersAsync(cancellation => runner.CatchUpAsync(Grace, cancellation), stoppingToken);
        }
    }

    private new async Task StartAsync(CancellationToken cancellation)
    {
        // Also when it fails half-way: what has begun must be stopped.
        _started = true;
        await scheduler.StartAsync([.. catalog.Plans.Where(plan => plan.Schedule is not null)], cancellation);
        Log.Started(logger, clock.GetElapsedTime(_ready).TotalMilliseconds, catalog.Plans.Count(plan => plan.DisabledBecause is null), catalog.Plans.Count);
    }

    private async Task WhenTheDatabaseAnswersAsync(Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        for (var failures = 0; ;)
        {
            try
            {
                await work(stopping);
                return;
            }
            catch (Exception error) when (!stopping.IsCancellationRequested)
            {
                // Whatever it is, jobs that no longer run are worse than another try.
                Log.Failed(logger, error, ++failures);
                await Task.Delay(Backoff.After(failures, LongestWait), clock, stopping);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The schedule runs, {Milliseconds:0} ms after the database was ready: {Enabled} of {All} jobs are enabled")]
        public static partial void Started(ILogger logger, double milliseconds, int enabled, int all);

        [LoggerMessage(LogLevel.Information, "{Key} is false: this worker runs no jobs by schedule")]
        public static partial void Off(ILogger logger, string key);

        [LoggerMessage(LogLevel.Warning, "The schedule could not be looked after (attempt {Attempt})")]
        public static partial void Failed(ILogger logger, Exception error, int attempt);
    }
}
