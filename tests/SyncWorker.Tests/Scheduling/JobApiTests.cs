using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Scheduling;
using Redbark.Sync.Worker.Tests.Api;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Scheduling;

public sealed class JobApiTests : IAsyncLifetime
{
    private TestDatabase? _database;

    private string Database => _database!.ConnectionString;

    public async ValueTask InitializeAsync() => _database = await LedgerDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database!.DisposeAsync();

    [Fact]
    public async Task A_run_now_goes_on_after_the_request_and_is_refused_while_it_does()
    {
        var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var job = new TestJob(async cancellation =>
        {
            await finish.Task.WaitAsync(cancellation);
            return "3 accounts read";
        });
        await using var worker = await JobWorker.StartAsync(Database, job, scheduled: false);
        var fresh = await JobAsync(worker);
        Assert.Equal((false, true, null), ((bool)fresh["running"]!, (bool)fresh["enabled"]!, fresh["lastRun"]));
        Assert.Equal(("0 0 1 1 *", "Does what a test says."), ((string?)fresh["cron"], (string?)fresh["description"]));
        Assert.Equal(new DateTime(DateTime.UtcNow.Year + 1, 1, 1, 0, 0, 0, DateTimeKind.Utc), (DateTime)fresh["nextRun"]!);

        using var started = await worker.Host.Client.PostAsync("/api/v1/jobs/test-job/run", content: null);
        Assert.Equal(202, (int)started.StatusCode);
        var run = (await started.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.Equal(("running", "manual", null), ((string?)run["outcome"], (string?)run["trigger"], run["finishedAt"]));
        Assert.True((bool)(await JobAsync(worker))["running"]!);
        using var again = await worker.Host.Client.PostAsync("/api/v1/jobs/test-job/run", content: null);
        Assert.Equal("job_running", (string?)(await ApiHost.ProblemAsync(409, again))["reason"]);

        finish.SetResult();
        await worker.FinishedAsync();
        var last = (await JobAsync(worker))["lastRun"]!;
        Assert.Equal((string?)run["id"], (string?)last["id"]);
        Assert.Equal(("succeeded", "3 accounts read", null), ((string?)last["outcome"], (string?)last["message"], last["error"]));
        Assert.InRange((long)last["durationMs"]!, 0, 120_000);
    }

    [Theory]
    [InlineData("Schedule:test-job is off", true)]
    [InlineData("no provider is configured", false)]
    public async Task A_disabled_job_says_why_and_is_not_run(string reason, bool off)
    {
        var job = new TestJob { DisabledBecause = off ? null : reason };
        await using var worker = await JobWorker.StartAsync(Database, job, scheduled: true, settings: off ? new() { ["Schedule:test-job"] = "OFF" } : null);
        var shown = await JobAsync(worker);
        Assert.Equal((false, reason, null), ((bool)shown["enabled"]!, (string?)shown["disabledBecause"], shown["nextRun"]));

        using var refused = await worker.Host.Client.PostAsync("/api/v1/jobs/test-job/run", content: null);
        var problem = await ApiHost.ProblemAsync(409, refused);
        Assert.Equal("job_disabled", (string?)problem["reason"]);
        Assert.Contains(reason, (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal(0, job.Runs);
    }

    [Fact]
    public async Task A_job_that_does_not_exist_is_unknown()
    {
        await using var worker = await JobWorker.StartAsync(Database, new TestJob(), scheduled: false);
        using var answer = await worker.Host.Client.PostAsync("/api/v1/jobs/nothing/run", content: null);
        Assert.Equal("job_unknown", (string?)(await ApiHost.ProblemAsync(404, answer))["reason"]);
        Assert.Equal("job_unknown", (string?)(await worker.Host.ProblemAsync(404, "/api/v1/jobs/nothing/runs"))["reason"]);
    }

    [Fact]
    public async Task The_runs_are_paged_newest_first()
    {
        await using var worker = await JobWorker.StartAsync(Database, new TestJob(), scheduled: false);
        await worker.Host.SqlAsync("""
            INSERT INTO ledger.job_runs (started_at, id, job, trigger, finished_at, outcome, worker)
            SELECT date_trunc('day', now()) + (n / 2) * interval '1 second', gen_random_uuid(), 'test-job', 'manual', now(), 'failed', 'w:1' FROM generate_series(1, 25) n
            """);
        var all = await worker.Host.AllAsync("/api/v1/jobs/test-job/runs", 4);
        Assert.Equal(25, all.Select(run => (string?)run["id"]).Distinct().Count());
        Assert.Equal(all.Select(run => (DateTime)run["startedAt"]!).OrderDescending(), all.Select(run => (DateTime)run["startedAt"]!));
    }

    [Fact]
    public async Task A_skipped_run_does_not_hide_what_the_last_one_did()
    {
        await using var worker = await JobWorker.StartAsync(Database, new TestJob(_ => throw new InvalidOperationException("No.")), scheduled: false);
        await worker.RunDueAsync();
        await worker.Host.SqlAsync("""
            INSERT INTO ledger.job_runs (started_at, id, job, trigger, due_at, finished_at, outcome, worker)
            VALUES (now() + interval '1 second', gen_random_uuid(), 'test-job', 'schedule', now(), now(), 'skipped', 'w:1')
            """);
        var last = (await JobAsync(worker))["lastRun"]!;
        Assert.Equal((JobOutcome.Failed, "No."), ((string?)last["outcome"], (string?)last["error"]));
    }

    private static async Task<JsonNode> JobAsync(JobWorker worker) =>
        (await worker.Host.GetAsync("/api/v1/jobs"))["data"]!.AsArray().Single(job => (string?)job!["id"] == "test-job")!;
}
