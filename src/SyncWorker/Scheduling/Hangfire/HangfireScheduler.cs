using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.PostgreSql;
using Hangfire.Storage;
using Npgsql;

namespace Redbark.Sync.Worker.Scheduling.Adapter;

/// <summary>Keeps Hangfire's recurring jobs the same as the plans, and its server.</summary>
internal sealed class HangfireScheduler(JobStorage storage, NpgsqlDataSource database, JobCatalog catalog, IServiceScopeFactory scopes) : IJobScheduler, IDisposable
{
    public const string Schema = "hangfire";
    private const int Workers = 4;

    private BackgroundJobServer? _server;

    public async Task StartAsync(IReadOnlyList<JobPlan> plans, CancellationToken cancellation)
    {
        await MakeTablesAsync(cancellation);
        var manager = new RecurringJobManager(storage);
        using (var connection = storage.GetConnection())
        {
            foreach (var gone in connection.GetRecurringJobs().Where(job => plans.All(plan => plan.Id != job.Id)))
                manager.RemoveIfExists(gone.Id);
        }

        var options = new RecurringJobOptions { TimeZone = TimeZoneInfo.Utc, MisfireHandling = MisfireHandlingMode.Relaxed };
        foreach (var plan in plans)
            manager.AddOrUpdate<DueJob>(plan.Id, job => job.RunAsync(plan.Id, null, CancellationToken.None), plan.Schedule!.Text, options);

        _server ??= new BackgroundJobServer(
            new BackgroundJobServerOptions
            {
                Activator = new AspNetCoreJobActivator(scopes),
                WorkerCount = Workers,
                SchedulePollingInterval = catalog.HasSeconds ? TimeSpan.FromMilliseconds(500) : TimeSpan.FromSeconds(15),
            },
            storage);
    }

    public async Task StopAsync(CancellationToken cancellation)
    {
        if (_server is null)
            return;
        _server.SendStop();
        await _server.WaitForShutdownAsync(cancellation);
    }

    public void Dispose() => _server?.Dispose();

    // Several workers may start at once.
    private async Task MakeTablesAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await RunAsync("SELECT pg_advisory_lock(hashtextextended('ledger.scheduler', 0))", cancellation);
        try
        {
            PostgreSqlObjectsInstaller.Install(connection, Schema);
        }
        finally
        {
            await RunAsync("SELECT pg_advisory_unlock(hashtextextended('ledger.scheduler', 0))", CancellationToken.None);
        }

        async Task RunAsync(string sql, CancellationToken cancelling)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancelling);
        }
    }
}
