using Hangfire;
using Hangfire.PostgreSql;
using Npgsql;

namespace Redbark.Sync.Worker.Scheduling.Adapter;

/// <summary>The scheduler that is built in: Hangfire, over the ledger's database, with its dashboard.</summary>
internal static class Flavour
{
    public static WebApplicationBuilder AddScheduler(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.Logging.AddFilter("Hangfire", LogLevel.Warning);
        services.AddSingleton<IJobScheduler, HangfireScheduler>();
        services.AddTransient<DueJob>();
        services.AddSingleton(Storage);
        services.AddHangfire(hangfire => hangfire
            .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings());
        return builder;
    }

    public static void MapScheduler(WebApplication app) => app.MapDashboard();

    // Not Hangfire's static one, so that the database is this host's; and it asks nothing of it yet, which may still be on its way up.
    private static JobStorage Storage(IServiceProvider provider)
    {
        var often = provider.GetRequiredService<JobCatalog>().HasSeconds;
        return new PostgreSqlStorage(new LedgerConnections(provider.GetRequiredService<NpgsqlDataSource>()), new PostgreSqlStorageOptions
        {
            SchemaName = HangfireScheduler.Schema,
            PrepareSchemaIfNecessary = false,
            QueuePollInterval = often ? TimeSpan.FromMilliseconds(250) : TimeSpan.FromSeconds(5),
            UseSlidingInvisibilityTimeout = true,
            InvisibilityTimeout = TimeSpan.FromMinutes(5),
            DistributedLockTimeout = TimeSpan.FromMinutes(1),
        });
    }
}
