using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;
using Redbark.Sync.Worker.Api;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker;

/// <summary>The worker's parts, for a host of its own and for the one that holds the ingress too.</summary>
public static class Worker
{
    /// <summary>Adds the ledger and what keeps it: migrations, partitions, the outbox relay, replay, health.</summary>
    public static WebApplicationBuilder AddWorker(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<DatabaseOptions>()
            .Configure<IConfiguration>((options, configuration) => options.ConnectionString = configuration[DatabaseOptions.Key])
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<DatabaseOptions>, DatabaseOptionsValidator>();
        services.AddSingleton(provider => new NpgsqlDataSourceBuilder(
                provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.ToConnectionString().ConnectionString)
            .UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>())
            .Build());
        services.AddPooledDbContextFactory<LedgerDbContext>((provider, options) =>
            LedgerDbContext.Configure(options, provider.GetRequiredService<NpgsqlDataSource>()));

        services.AddSingleton<DatabaseReadiness>();
        services.AddSingleton<Partitions>();
        services.AddSingleton<Migrator>();
        services.AddHostedService<MigrationService>();
        return builder.AddApi();
    }
}
