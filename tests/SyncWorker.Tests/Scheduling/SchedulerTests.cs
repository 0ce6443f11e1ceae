using System.Net;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Scheduling;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Scheduling;

/// <summary>Whichever scheduler was built in: it calls when the time comes, on one worker, and again after the database was away.</summary>
public sealed class SchedulerTests
{
    private const string EverySecond = "* * * * * *";

    [Fact]
    public async Task A_job_runs_whenever_its_time_comes_on_one_of_two_workers()
    {
        await using var database = await LedgerDatabase.CreateAsync();
        var job = new TestJob("*/2 * * * * *");
        await using var one = await JobWorker.StartAsync(database.ConnectionString, job);
        await using var two = await JobWorker.StartAsync(database.ConnectionString, job);

        await Eventually.HoldsAsync(async () => (await one.RunsAsync()).Count(run => run.Trigger == JobTrigger.Schedule) >= 4, "four runs by schedule", () => one.Host.Logs.Text[^4000..]);
        var runs = await one.RunsAsync();
        Assert.Equal(runs.Count, runs.Select(run => run.DueAt).Distinct().Count());
        Assert.All(runs.Where(run => run.Outcome != JobOutcome.Running), run => Assert.Equal((JobOutcome.Succeeded, "done"), (run.Outcome, run.Message)));
        Assert.All(runs, run => Assert.Equal(0, run.DueAt!.Value.Second % 2));
    }

    [Fact]
    public async Task A_run_missed_while_no_worker_was_up_is_made_up_exactly_once()
    {
        await using var database = await LedgerDatabase.CreateAsync();
        var job = new TestJob();
        // The last run was last year; both workers find that out at the same time.
        await using (var setup = await JobWorker.StartAsync(database.ConnectionString, job, scheduled: false))
        {
            await setup.Host.SqlAsync("SELECT ledger.ensure_partitions(date_trunc('year', now()) - interval '5 days', 0)");
            await setup.Host.SqlAsync("""
                INSERT INTO ledger.job_runs (started_at, id, job, trigger, due_at, finished_at, outcome, message, worker)
                SELECT t, gen_random_uuid(), 'test-job', 'schedule', t, t, 'succeeded', 'long ago', 'other:1' FROM (SELECT date_trunc('year', now()) - interval '5 days' AS t) AS last
                """);
        }

        // Retention would remove the record of last year once there is a newer one.
        var workers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ =>
            JobWorker.StartAsync(database.ConnectionString, job, settings: new() { ["Schedule:retention"] = "off" })));
        await Eventually.HoldsAsync(async () => (await workers[0].RunsAsync()).Count(run => run.Outcome == JobOutcome.Succeeded) == 2, "the missed run");
        foreach (var worker in workers)
            await Eventually.HoldsAsync(() => Task.FromResult(worker.Host.Logs.Text.Contains("The schedule runs", StringComparison.Ordinal)), "the scheduler is up", () => worker.Host.Logs.Errors);
        await Task.Delay(TimeSpan.FromSeconds(1));

        Assert.Equal(1, job.Runs);
        Assert.Equal(JobTrigger.MadeUp, (await workers[0].RunsAsync())[^1].Trigger);
        foreach (var worker in workers)
            await worker.DisposeAsync();
    }

    [Fact]
    public async Task A_job_that_is_turned_off_is_not_called_any_more_and_a_new_cron_replaces_the_old()
    {
        await using var database = await LedgerDatabase.CreateAsync();
        var before = new TestJob(EverySecond);
        await using (await JobWorker.StartAsync(database.ConnectionString, before))
            await Eventually.HoldsAsync(() => Task.FromResult(before.Runs >= 2), "two runs");

        var after = new TestJob();
        await using (var yearly = await JobWorker.StartAsync(database.ConnectionString, after))
        {
            await Eventually.HoldsAsync(() => Task.FromResult(yearly.Host.Logs.Text.Contains("The schedule runs", StringComparison.Ordinal)), "the scheduler is up");
            await Task.Delay(TimeSpan.FromSeconds(3));
            Assert.Equal(0, after.Runs);
        }

        var off = new TestJob();
        await using var worker = await JobWorker.StartAsync(database.ConnectionString, off, settings: new() { ["Schedule:test-job"] = "off" });
        await Eventually.HoldsAsync(() => Task.FromResult(worker.Host.Logs.Text.Contains("The schedule runs", StringComparison.Ordinal)), "the scheduler is up");
        Assert.Equal(0, off.Runs);
    }

    [Fact]
    public async Task A_worker_without_a_schedule_calls_nothing_but_runs_what_it_is_asked_to()
    {
        await using var database = await LedgerDatabase.CreateAsync();
        var job = new TestJob(EverySecond);
        await using var worker = await JobWorker.StartAsync(database.ConnectionString, job, scheduled: false);
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        Assert.Equal(0, job.Runs);

        using var answer = await worker.Host.Client.PostAsync("/api/v1/jobs/test-job/run", content: null);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal((JobOutcome.Succeeded, JobTrigger.Manual), ((await worker.FinishedAsync()).Outcome, (await worker.FinishedAsync()).Trigger));
    }

    [Fact]
    public async Task After_the_database_was_away_jobs_run_again()
    {
        await using var server = await TestPostgres.StartAsync();
        var job = new TestJob(EverySecond);
        await using var worker = await JobWorker.StartAsync(server.ConnectionString("postgres"), job);
        await Eventually.HoldsAsync(() => Task.FromResult(job.Runs >= 2), "two runs", () => worker.Host.Logs.Text[^4000..]);

        await server.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(3));
        var before = job.Runs;
        await server.RestartAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(job.Runs >= before + 2), "two runs after the database came back", () => worker.Host.Logs.Text[^4000..]);
    }

    [Fact]
    public async Task A_worker_stops_promptly_while_jobs_are_due()
    {
        await using var database = await LedgerDatabase.CreateAsync();
        var job = new TestJob(async cancellation =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return "never";
        }, EverySecond);
        await using var worker = await JobWorker.StartAsync(database.ConnectionString, job);
        await Eventually.HoldsAsync(() => Task.FromResult(job.Runs == 1), "it runs");
        await Task.Delay(TimeSpan.FromSeconds(1.5));

        await worker.Host.StopAsync().WaitAsync(TimeSpan.FromSeconds(15));
        Assert.DoesNotContain(await worker.RunsAsync(), run => run.Outcome == JobOutcome.Running);
    }
}
