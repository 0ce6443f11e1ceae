using System.Diagnostics;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Scheduling;
using Redbark.Sync.Worker.Telemetry;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Scheduling;

/// <summary>One run at a time, one run for each time, and every run on record; whichever scheduler calls.</summary>
public sealed class JobRunnerTests : IAsyncLifetime
{
    private TestDatabase? _database;

    private string Database => _database!.ConnectionString;

    public async ValueTask InitializeAsync() => _database = await LedgerDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database!.DisposeAsync();

    [Fact]
    public async Task A_time_is_served_once_however_many_workers_are_told_of_it()
    {
        var job = new TestJob();
        await using var one = await JobWorker.StartAsync(Database, job, scheduled: false);
        await using var two = await JobWorker.StartAsync(Database, job, scheduled: false);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? one : two).RunDueAsync()));
        await one.RunDueAsync();
        await one.Runner.CatchUpAsync(TimeSpan.Zero, CancellationToken.None);

        var run = Assert.Single(await one.RunsAsync());
        Assert.Equal(1, job.Runs);
        Assert.Equal((JobOutcome.Succeeded, JobTrigger.MadeUp, "done"), (run.Outcome, run.Trigger, run.Message));
        Assert.Equal(new DateTimeOffset(DateTime.UtcNow.Year, 1, 1, 0, 0, 0, TimeSpan.Zero), run.DueAt);
        Assert.Null(run.Error);
        Assert.True(run.StartedAt <= run.FinishedAt);
    }

    [Fact]
    public async Task While_a_job_runs_no_worker_runs_it_a_second_time()
    {
        var (begun, finish) = (Signal(), Signal());
        var job = new TestJob(async cancellation =>
        {
            begun.TrySetResult();
            await finish.Task.WaitAsync(cancellation);
            return "done";
        });
        await using var one = await JobWorker.StartAsync(Database, job, scheduled: false);
        await using var two = await JobWorker.StartAsync(Database, job, scheduled: false);

        Assert.NotNull(await one.Runner.StartAsync(one.Plan, CancellationToken.None));
        await begun.Task;
        Assert.Null(await one.Runner.StartAsync(one.Plan, CancellationToken.None));
        Assert.Null(await two.Runner.StartAsync(two.Plan, CancellationToken.None));
        await two.RunDueAsync();
        Assert.Equal(1, job.Runs);

        finish.SetResult();
        Assert.Equal(JobOutcome.Succeeded, (await one.FinishedAsync()).Outcome);
    }

    [Fact]
    public async Task A_time_that_comes_while_the_job_still_runs_is_recorded_as_skipped()
    {
        var finish = Signal();
        // Every second, so that a time passes while it runs.
        var job = new TestJob(async cancellation =>
        {
            await finish.Task.WaitAsync(cancellation);
            return "done";
        }, "* * * * * *");
        await using var one = await JobWorker.StartAsync(Database, job, scheduled: false);
        await using var two = await JobWorker.StartAsync(Database, job, scheduled: false);

        var first = one.RunDueAsync();
        await Eventually.EqualsAsync(1, () => Task.FromResult(job.Runs));
        await Task.Delay(TimeSpan.FromSeconds(1.2));
        await two.RunDueAsync();
        finish.SetResult();
        await first;

        Assert.Equal([JobOutcome.Succeeded, JobOutcome.Skipped], (await one.RunsAsync()).Select(run => run.Outcome));
        var skipped = (await one.RunsAsync())[1];
        Assert.Equal("The run before it was still going.", skipped.Error);
        Assert.Equal(1, job.Runs);
    }

    [Fact]
    public async Task A_failure_is_recorded_with_all_its_reasons_and_the_next_run_is_free()
    {
        var job = new TestJob(_ => throw new InvalidOperationException("The bank said no\0.", new IOException("Its line was cut.")));
        await using var worker = await JobWorker.StartAsync(Database, job, scheduled: false);
        await worker.RunDueAsync();

        var run = Assert.Single(await worker.RunsAsync());
        Assert.Equal(JobOutcome.Failed, run.Outcome);
        Assert.Null(run.Message);
        Assert.Equal("The bank said no\uFFFD. ← Its line was cut.", run.Error);

        // It had its time; by hand it can go again.
        await worker.RunDueAsync();
        Assert.Single(await worker.RunsAsync());
        Assert.NotNull(await worker.Runner.StartAsync(worker.Plan, CancellationToken.None));
    }

    [Fact]
    public async Task A_worker_that_stops_cancels_its_runs_records_them_and_another_makes_them_up()
    {
        var stop = true;
        var job = new TestJob(async cancellation =>
        {
            if (stop)
                await Task.Delay(Timeout.Infinite, cancellation);
            return "made up";
        });
        await using (var one = await JobWorker.StartAsync(Database, job, scheduled: false))
        {
            var running = one.RunDueAsync();
            await Eventually.EqualsAsync(1, () => Task.FromResult(job.Runs));
            await one.Host.StopAsync();
            await running;
            var run = Assert.Single(await one.RunsAsync());
            Assert.Equal((JobOutcome.Cancelled, "The worker stopped."), (run.Outcome, run.Error));
        }

        stop = false;
        await using var two = await JobWorker.StartAsync(Database, job, scheduled: false);
        await two.RunDueAsync();
        await two.RunDueAsync();
        Assert.Equal([JobOutcome.Cancelled, JobOutcome.Succeeded], (await two.RunsAsync()).Select(run => run.Outcome));
    }

    [Fact]
    public async Task Runs_of_a_worker_that_crashed_are_marked_lost_and_made_up_once_not_for_ever()
    {
        var job = new TestJob();
        await using var worker = await JobWorker.StartAsync(Database, job, scheduled: false);
        await CrashAsync(worker);
        await worker.Runner.CatchUpAsync(TimeSpan.Zero, CancellationToken.None);
        await Eventually.HoldsAsync(async () => (await worker.RunsAsync()) is [{ Outcome: JobOutcome.Lost }, { Outcome: JobOutcome.Succeeded }], "lost, then made up");
        var lost = (await worker.RunsAsync())[0];
        Assert.Contains("crashed:1", lost.Error, StringComparison.Ordinal);
        Assert.NotNull(lost.FinishedAt);

        await worker.Host.SqlAsync("DELETE FROM ledger.job_runs");
        await CrashAsync(worker);
        await CrashAsync(worker);
        await worker.Runner.CatchUpAsync(TimeSpan.Zero, CancellationToken.None);
        await worker.RunDueAsync();
        Assert.Equal([JobOutcome.Lost, JobOutcome.Lost], (await worker.RunsAsync()).Select(run => run.Outcome));
        Assert.Equal(1, job.Runs);
    }

    [Fact]
    public async Task A_run_that_is_alive_elsewhere_is_not_marked_lost()
    {
        var finish = Signal();
        var job = new TestJob(async cancellation =>
        {
            await finish.Task.WaitAsync(cancellation);
            return "done";
        });
        await using var one = await JobWorker.StartAsync(Database, job, scheduled: false);
        await using var two = await JobWorker.StartAsync(Database, job, scheduled: false);
        await one.Runner.StartAsync(one.Plan, CancellationToken.None);
        await two.Runner.CatchUpAsync(TimeSpan.Zero, CancellationToken.None);
        Assert.Equal(JobOutcome.Running, Assert.Single(await two.RunsAsync()).Outcome);
        finish.SetResult();
        Assert.Equal(JobOutcome.Succeeded, (await one.FinishedAsync()).Outcome);
    }

    [Fact]
    public async Task A_worker_that_loses_the_lock_s_connection_cancels_the_run_and_says_so()
    {
        var begun = Signal();
        var job = new TestJob(async cancellation =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
            return "never";
        });
        await using var worker = await JobWorker.StartAsync(Database, job, scheduled: false);
        await worker.Runner.StartAsync(worker.Plan, CancellationToken.None);
        await begun.Task;
        await _database!.CutConnectionsAsync();

        JobRun? run = null;
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                return (run = (await worker.RunsAsync()).SingleOrDefault()) is { Outcome: not JobOutcome.Running };
            }
            catch (Npgsql.NpgsqlException)
            {
                // A connection of the pool that was cut too.
                return false;
            }
        }, "the run has ended");
        Assert.Equal(JobOutcome.Cancelled, run!.Outcome);
        Assert.StartsWith("The connection that held the job's lock was lost", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_disabled_job_is_never_run_by_the_schedule(bool bySchedule)
    {
        var job = new TestJob("* * * * * *") { DisabledBecause = bySchedule ? null : "There is nothing to do." };
        await using var worker = await JobWorker.StartAsync(
            Database, job, scheduled: true, settings: bySchedule ? new() { ["Schedule:test-job"] = "off" } : null);
        await worker.RunDueAsync();
        await worker.Runner.CatchUpAsync(TimeSpan.Zero, CancellationToken.None);
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        Assert.Equal(0, job.Runs);
        Assert.Empty(await worker.RunsAsync());
    }

    [Fact]
    public async Task A_run_has_an_activity_of_its_own_with_the_outcome()
    {
        var activities = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == WorkerMetrics.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (activities)
                    activities.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        var job = new TestJob(_ => throw new InvalidOperationException("No."));
        await using var worker = await JobWorker.StartAsync(Database, job, scheduled: false);
        using (var request = new Activity("request").Start())
            await worker.RunDueAsync();

        var run = Assert.Single(await worker.RunsAsync());
        lock (activities)
        {
            var activity = Assert.Single(activities, activity => Equals(activity.GetTagItem("redbark_sync.job.run"), run.Id));
            Assert.Equal(("job test-job", ActivityStatusCode.Error, "No."), (activity.DisplayName, activity.Status, activity.StatusDescription));
            Assert.Null(activity.Parent);
        }
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What a worker leaves behind that ends in the middle of a run.</summary>
    private static Task CrashAsync(JobWorker worker) => worker.Host.SqlAsync(
        """
        INSERT INTO ledger.job_runs (started_at, id, job, trigger, due_at, outcome, worker)
        VALUES (now(), gen_random_uuid(), 'test-job', 'made-up', date_trunc('year', now()), 'running', 'crashed:1')
        """);
}
