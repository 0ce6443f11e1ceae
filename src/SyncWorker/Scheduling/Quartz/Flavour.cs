using Npgsql;
using Quartz;

namespace Redbark.Sync.Worker.Scheduling.Adapter;

/// <summary>The scheduler that is built in: Quartz, clustered over the ledger's database.</summary>
internal static class Flavour
{
    public static WebApplicationBuilder AddScheduler(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.Logging.AddFilter("Quartz", LogLevel.Warning);
        services.AddSingleton<IJobScheduler, QuartzScheduler>();
        services.AddTransient<DueJob>();
        services.AddQuartz(quartz => quartz
            .ConfigureScheduler(scheduler =>
            {
                scheduler.InstanceName = "redbark-sync";
                scheduler.GenerateInstanceId = true;
                scheduler.PropagateTraceContext = false;
            })
            .UsePersistentStore(store => store
                .UsePostgres(source => source.DataSourceFactory = provider => provider.GetRequiredService<NpgsqlDataSource>())
                .ConfigureStore(options =>
                {
                    options.TablePrefix = $"{QuartzScheduler.Schema}.qrtz_";
                    options.StoreJobDataAsStrings = true;
                    options.UseBackgroundThreads = true;
                })
                .UseClustering()
                .ProvisionSchema()));
        return builder;
    }

    /// <summary>Quartz has nothing to show.</summary>
    public static void MapScheduler(WebApplication app)
    {
    }
}
