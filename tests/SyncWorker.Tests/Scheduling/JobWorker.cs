using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Scheduling;
using Redbark.Sync.Worker.Tests.Api;

namespace Redbark.Sync.Worker.Tests.Scheduling;

/// <summary>A worker with a job of the test's, as a host of its own.</summary>
internal sealed class JobWorker : IAsyncDisposable
{
    private JobWorker(ApiHost host) => Host = host;

    public ApiHost Host { get; }

    public JobRunner Runner => Host.Services.GetRequiredService<JobRunner>();

    public JobPlan Plan => Host.Services.GetRequiredService<JobCatalog>().Plans.Single(plan => plan.Id == "test-job");

    public static async Task<JobWorker> StartAsync(
        string connectionString, TestJob job, bool scheduled = true, Dictionary<string, string?>? settings = null, TimeProvider? clock = null)
    {
        settings ??= [];
        settings["Api:Tokens:0"] = ApiHost.Token;
        settings.TryAdd(ScheduleOptions.EnabledKey, scheduled ? "true" : "false");
        var host = await ApiHost.StartAsync(connectionString, settings, services =>
        {
            services.AddSingleton<IScheduledJob>(job);
            if (clock is not null)
                services.AddSingleton(clock);
        });
        await host.Services.GetRequiredService<DatabaseReadiness>().WaitAsync(TestContext.Current.CancellationToken);
        return new JobWorker(host);
    }

    public Task RunDueAsync() => Runner.RunDueAsync("test-job", TestContext.Current.CancellationToken);

    /// <summary>The runs on record, the oldest first.</summary>
    public async Task<List<JobRun>> RunsAsync()
    {
        await using var command = Host.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            "SELECT id, trigger, due_at, started_at, finished_at, outcome, message, error, worker FROM ledger.job_runs WHERE job = 'test-job' ORDER BY started_at, id");
        await using var reader = await command.ExecuteReaderAsync();
        var runs = new List<JobRun>();
        while (await reader.ReadAsync())
        {
            runs.Add(new JobRun
            {
                Id = reader.GetGuid(0),
                Job = "test-job",
                Trigger = reader.GetString(1),
                DueAt = reader.Time(2),
                StartedAt = reader.GetFieldValue<DateTimeOffset>(3),
                FinishedAt = reader.Time(4),
                Outcome = reader.GetString(5),
                Message = reader.Value<string>(6),
                Error = reader.Value<string>(7),
                Worker = reader.GetString(8),
            });
        }

        return runs;
    }

    /// <summary>What is on record of the only run, once it has ended.</summary>
    public async Task<JobRun> FinishedAsync()
    {
        await Eventually.HoldsAsync(async () => (await RunsAsync()) is [{ Outcome: not JobOutcome.Running }], "one run that has ended");
        return (await RunsAsync()).Single();
    }

    public async ValueTask DisposeAsync()
    {
        await Host.StopAsync();
        await Host.DisposeAsync();
    }
}
