using Hangfire;
using Hangfire.Server;
using Hangfire.States;

namespace Redbark.Sync.Worker.Scheduling.Adapter;

/// <summary>What Hangfire runs: the job that its argument names.</summary>
internal sealed class DueJob(JobRunner runner)
{
    // The words of Hangfire's RecurringJobScheduler. What was put into the queue by anything else was asked for by somebody.
    private const string BySchedule = "Triggered by recurring job scheduler";

    [JobDisplayName("{0}")]
    [AutomaticRetry(Attempts = 0)]
    public Task RunAsync(string job, PerformContext? context, CancellationToken cancellation) =>
        IsAskedFor(context) ? runner.RunNowAsync(job, cancellation) : runner.RunDueAsync(job, cancellation);

    private static bool IsAskedFor(PerformContext? context) =>
        context?.Storage.GetMonitoringApi().JobDetails(context.BackgroundJob.Id)?.History
            .Where(state => state.StateName == EnqueuedState.StateName).MaxBy(state => state.CreatedAt) is { } enqueued
        && enqueued.Reason != BySchedule;
}
