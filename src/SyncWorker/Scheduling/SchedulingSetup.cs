using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Redbark.Sync.Worker.Scheduling.Adapter;

namespace Redbark.Sync.Worker.Scheduling;

/// <summary>The schedule, its jobs, and whichever scheduler was built in.</summary>
internal static class SchedulingSetup
{
    public static WebApplicationBuilder AddScheduling(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ScheduleOptions>().Configure<IConfiguration>(ScheduleOptions.Read).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ScheduleOptions>, ScheduleOptionsValidator>());
        services.AddSingleton<JobCatalog>();
        services.AddSingleton<JobMetrics>();
        services.AddSingleton<JobRunner>();
        services.AddHostedService<SchedulerService>();
        return Flavour.AddScheduler(builder);
    }

    /// <summary>Maps what the scheduler shows of itself, where it does.</summary>
    public static WebApplication MapScheduling(this WebApplication app)
    {
        Flavour.MapScheduler(app);
        return app;
    }

    /// <summary>Adds a job: a plain class, made once.</summary>
    public static IServiceCollection AddJob<TJob>(this IServiceCollection services) where TJob : class, IScheduledJob
    {
        services.AddSingleton<TJob>();
        return services.AddSingleton<IScheduledJob>(provider => provider.GetRequiredService<TJob>());
    }
}
