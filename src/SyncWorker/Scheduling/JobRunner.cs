using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Telemetry;

namespace Redbark.Sync.Worker.Scheduling;

/// <summary>
/// Runs jobs and records how it went. Whoever asks, and on however many workers, a job runs once at a time, and once for each time of its
/// schedule: which times were served is read from the records, not from the scheduler.
/// </summary>
internal sealed partial class JobRunner(
    NpgsqlDataSource database, JobCatalog catalog, JobMetrics metrics, TimeProvider clock, ILogger<JobRunner> logger) : IAsyncDisposable
{
    private const int LongestText = 4000;
    private const int MostTriesToRecord = 8;

    // A timer may ring a moment before its time.
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, Task> _running = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly string _worker = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>Runs a job whose time has come, to its end, unless that time is served already. What goes wrong in it is recorded, not thrown.</summary>
    public async Task RunDueAsync(string id, CancellationToken cancellation)
    {
        if (_stopping.IsCancellationRequested || !catalog.TryFind(id, out var plan) || plan.Schedule is null || plan.DisabledBecause is not null)
            return;

        var now = clock.GetUtcNow();
        if (plan.Schedule.Previous(now + Early) is not { } due)
            return;

        var trigger = now - due <= Late ? JobTrigger.Schedule : JobTrigger.MadeUp;
        if (await BeginAsync(plan, trigger, due, cancellation) is { } begun)
            await begun;
        else if (trigger == JobTrigger.Schedule)
            await SkipAsync(plan, due, cancellation);
    }

    /// <summary>Runs a job now.</summary>
    /// <returns>The run, which goes on by itself; null where the job runs already.</returns>
    public async Task<JobRun?> StartAsync(JobPlan plan, CancellationToken cancellation) => (await BeginAsync(plan, cancellation))?.Run;

    /// <summary>Runs a job now, to its end, because somebody asked for it, unless it runs already or is disabled.</summary>
    public async Task RunNowAsync(string id, CancellationToken cancellation)
    {
        if (!_stopping.IsCancellationRequested && catalog.TryFind(id, out var plan) && plan.DisabledBecause is null
            && await BeginAsync(plan, cancellation) is var (_, end))
            await end;
    }

    /// <summary>Sets off what was missed, and closes the records of runs whose worker is gone.</summary>
    /// <param name="grace">How long a time may have passed before it counts as missed.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task CatchUpAsync(TimeSpan grace, CancellationToken cancellation)
    {
        foreach (var job in await JobRunTable.UnfinishedAsync(database, cancellation))
        {
            await using var right = await JobLock.TryTakeAsync(database, job, cancellation);
            if (right is not null)
                await MarkLostAsync(right, job, cancellation);
        }

        var now = clock.GetUtcNow();
        var times = catalog.Plans
            .Where(plan => plan.DisabledBecause is null)
            .Select(plan => (Job: plan.Id, Due: plan.Schedule?.Previous(now - grace)))
            .Where(time => time.Due is not null)
            .Select(time => (time.Job, time.Due!.Value))
            .ToList();
        foreach (var (job, due) in times.IntersectBy(await JobRunTable.UnservedAsync(database, times, cancellation), time => time.Job))
        {
            if (catalog.TryFind(job, out var plan))
                await BeginAsync(plan, JobTrigger.MadeUp, due, cancellation);
        }
    }

    /// <summary>Cancels what runs here and waits for its end.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running.Values).WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _stopping.Dispose();
    }

    private async Task<(JobRun Run, Task End)?> BeginAsync(JobPlan plan, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
        if (await JobLock.TryTakeAsync(database, plan.Id, cancellation) is not { } right)
            return null;
        var run = NewRun(plan, JobTrigger.Manual, due: null);
        return (run, await StartAsync(plan, run, right, cancellation));
    }

    /// <returns>The end of the run; a finished task where that time is served already; null where the job runs elsewhere.</returns>
    private async Task<Task?> BeginAsync(JobPlan plan, string trigger, DateTimeOffset due, CancellationToken cancellation)
    {
        if (await JobLock.TryTakeAsync(database, plan.Id, cancellation) is not { } right)
            return null;

        var served = true;
        try
        {
            await MarkLostAsync(right, plan.Id, cancellation);
            served = await JobRunTable.IsServedAsync(right.Connection, plan.Id, due, cancellation);
        }
        finally
        {
            if (served)
                await right.DisposeAsync();
        }

        return served ? Task.CompletedTask : await StartAsync(plan, NewRun(plan, trigger, due), right, cancellation);
    }

    private async Task<Task> StartAsync(JobPlan plan, JobRun run, JobLock right, CancellationToken cancellation)
    {
        try
        {
            await MarkLostAsync(right, plan.Id, cancellation);
            await JobRunTable.BeginAsync(right.Connection, run, cancellation);
        }
        catch
        {
            await right.DisposeAsync();
            throw;
        }

        // Neither the caller's cancellation nor its activity is the run's.
        var running = Task.Run(() => RunAsync(plan.Job, run, right), CancellationToken.None);
        _running[run.Id] = running;
        _ = running.ContinueWith(_ => _running.TryRemove(run.Id, out var _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return running;
    }

    private async Task RunAsync(IScheduledJob job, JobRun run, JobLock right)
    {
        Activity.Current = null;
        using var activity = WorkerMetrics.Activities.StartActivity($"job {run.Job}");
        activity?.SetTag("redbark_sync.job.trigger", run.Trigger).SetTag("redbark_sync.job.run", run.Id);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        using var watching = new CancellationTokenSource();
        var watch = WatchAsync(right, ending, watching.Token);
        var (outcome, message, error) = await AttemptAsync(job, ending.Token);

        await watching.CancelAsync();
        if (await watch is { } lost && outcome == JobOutcome.Cancelled)
            error = $"The connection that held the job's lock was lost: {lost.Message}";
        if (error is not null)
            activity?.SetStatus(ActivityStatusCode.Error, error);

        var finished = clock.GetUtcNow();
        await RecordAsync(run, finished, outcome, message, error);
        await right.DisposeAsync();
        metrics.Finished(run, outcome, finished - run.StartedAt);
    }

    private async Task<(string Outcome, string? Message, string? Error)> AttemptAsync(IScheduledJob job, CancellationToken ending)
    {
        try
        {
            var message = await job.RunAsync(ending);
            Log.Succeeded(logger, job.Id, message);
            return (JobOutcome.Succeeded, Shorten(message), null);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            Log.Cancelled(logger, job.Id);
            return (JobOutcome.Cancelled, null, "The worker stopped.");
        }
        catch (Exception error)
        {
            // Whatever it is, it is the job's, and must not end the worker.
            Log.Failed(logger, error, job.Id);
            return (JobOutcome.Failed, null, Shorten(Reason(error)));
        }
    }

    /// <returns>What became of the connection; null while it is good.</returns>
    private async Task<Exception?> WatchAsync(JobLock right, CancellationTokenSource ending, CancellationToken cancellation)
    {
        try
        {
            var lost = await right.WatchAsync(clock, cancellation);
            await ending.CancelAsync();
            return lost;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task RecordAsync(JobRun run, DateTimeOffset at, string outcome, string? message, string? error)
    {
        for (var failures = 0; ;)
        {
            try
            {
                await JobRunTable.FinishAsync(database, run, at, outcome, message, error, CancellationToken.None);
                return;
            }
            catch (Exception problem) when (TransientFaults.IsTransient(problem) && ++failures < MostTriesToRecord && !_stopping.IsCancellationRequested)
            {
                await Task.Delay(Backoff.After(failures, LongestWait), clock, CancellationToken.None);
            }
            catch (Exception problem)
            {
                // Whoever takes the lock next marks the run as lost.
                Log.NotRecorded(logger, problem, run.Job, outcome);
                return;
            }
        }
    }

    private async Task SkipAsync(JobPlan plan, DateTimeOffset due, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        if (await JobRunTable.IsServedAsync(connection, plan.Id, due, cancellation))
            return;
        var run = NewRun(plan, JobTrigger.Schedule, due, JobOutcome.Skipped, "The run before it was still going.");
        await JobRunTable.BeginAsync(connection, run, cancellation);
        metrics.Finished(run, run.Outcome, TimeSpan.Zero);
        Log.Skipped(logger, plan.Id);
    }

    private async Task MarkLostAsync(JobLock right, string job, CancellationToken cancellation)
    {
        var lost = await JobRunTable.MarkLostAsync(right.Connection, job, clock.GetUtcNow(), cancellation);
        if (lost > 0)
            Log.Lost(logger, lost, job);
    }

    private JobRun NewRun(JobPlan plan, string trigger, DateTimeOffset? due, string outcome = JobOutcome.Running, string? error = null)
    {
        // PostgreSQL keeps microseconds.
        var now = clock.GetUtcNow();
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        return new JobRun
        {
            Id = Guid.CreateVersion7(now),
            Job = plan.Id,
            Trigger = trigger,
            DueAt = due,
            StartedAt = now,
            FinishedAt = outcome == JobOutcome.Running ? null : now,
            Outcome = outcome,
            Error = error,
            Worker = _worker,
        };
    }

    private static string Reason(Exception error)
    {
        var reasons = new List<string>();
        for (var at = error; at is not null; at = at.InnerException)
        {
            if (!reasons.Exists(reason => reason.Contains(at.Message, StringComparison.Ordinal)))
                reasons.Add(at.Message);
        }

        return string.Join(" ← ", reasons);
    }

    private static string Shorten(string text) => Text.Clean(text.Length <= LongestText ? text : $"{text[..(LongestText - 1)]}…");

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Job {Job}: {Message}")]
        public static partial void Succeeded(ILogger logger, string job, string message);

        [LoggerMessage(LogLevel.Error, "Job {Job} failed")]
        public static partial void Failed(ILogger logger, Exception error, string job);

        [LoggerMessage(LogLevel.Information, "Job {Job} was cut short")]
        public static partial void Cancelled(ILogger logger, string job);

        [LoggerMessage(LogLevel.Warning, "Job {Job} was skipped: the run before it is still going")]
        public static partial void Skipped(ILogger logger, string job);

        [LoggerMessage(LogLevel.Warning, "{Count} runs of job {Job} were lost with their worker")]
        public static partial void Lost(ILogger logger, int count, string job);

        [LoggerMessage(LogLevel.Warning, "The end of a run of job {Job} ({Outcome}) could not be recorded")]
        public static partial void NotRecorded(ILogger logger, Exception error, string job, string outcome);
    }
}
