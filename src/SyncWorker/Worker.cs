using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;
using Redbark.Sync.Hosting;
using Redbark.Sync.Worker.Accounts.Keeping;
using Redbark.Sync.Worker.Api;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Balances.RedbarkRest;
using Redbark.Sync.Worker.Console;
using Redbark.Sync.Worker.Consumers;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Export;
using Redbark.Sync.Worker.Gaps;
using Redbark.Sync.Worker.Feeds;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Notifications;
using Redbark.Sync.Worker.Operations;
using Redbark.Sync.Worker.Outbox;
using Redbark.Sync.Worker.Proxies;
using Redbark.Sync.Worker.Quarantine;
using Redbark.Sync.Worker.Quarantine.Decisions;
using Redbark.Sync.Worker.Reconciliation;
using Redbark.Sync.Worker.Replay;
using Redbark.Sync.Worker.Retention;
using Redbark.Sync.Worker.Scheduling;
using Redbark.Sync.Worker.Settlement;
using Redbark.Sync.Worker.SignIn;
using Redbark.Sync.Worker.Telemetry;

namespace Redbark.Sync.Worker;

/// <summary>The worker's parts, for a host of its own and for the one that holds the ingress too.</summary>
public static class Worker
{
    /// <summary>Adds the ledger and what keeps it (migrations, partitions, the outbox relay, replay), health, the API, sign-in and the console.</summary>
    public static WebApplicationBuilder AddWorker(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<WorkerMetrics>();
        services.AddSingleton<StandingReader>();
        services.AddSingleton<StandingGauges>();
        services.AddHostedService(provider => provider.GetRequiredService<StandingGauges>());
        services.AddHealth().AddCheck<DatabaseHealth>("ledger", tags: [Health.Ready]);
        return builder
            .AddDatabase()
            .AddLedger()
            .AddKeeping()
            .AddRedbarkRest()
            .AddOpenBanking()
            .AddBalances()
            .AddSettlement()
            .AddReconciliation()
            .AddGaps()
            .AddOperations()
            .AddFeeds()
            .AddRetention()
            .AddExport()
            .AddNotifications()
            .AddScheduling()
            .AddProxies()
            .AddApi()
            .AddConsole()
            .AddSignIn();
    }

    /// <summary>Takes deliveries from RabbitMQ, and publishes the ledger's events there.</summary>
    public static WebApplicationBuilder AddWorkerBus(this WebApplicationBuilder builder)
    {
        builder.Services.AddPublishingBus(builder.Configuration);
        builder.Services.AddSingleton<IEventPublisher, BusEventPublisher>();
        builder.Services.AddHostedService<BusWatch>();
        // A consumer may be waiting for the database; after this it lets go, and its message stays in the queue.
        builder.Services.Configure<MassTransitHostOptions>(options => options.ConsumerStopTimeout = TimeSpan.FromSeconds(5));
        builder.Services.AddMassTransit(registration =>
        {
            registration.ConfigureHealthCheckOptions(health =>
            {
                // A worker without its broker is idle, not broken.
                health.Tags.Clear();
                health.Tags.Add("bus");
            });
            registration.AddWorkerConsumers();
            registration.UsingRabbitMq((context, bus) =>
            {
                bus.UseRedbarkHost(builder.Configuration);
                bus.ConfigureEndpoints(context);
            });
        });
        return builder;
    }

    /// <summary>Maps <c>/health/live</c>, <c>/health/ready</c>, the API and the console.</summary>
    public static WebApplication MapWorker(this WebApplication app)
    {
        app.UseProxies();
        app.UseSecureHeaders();
        app.UseApiProblems();
        app.UseConsoleProblems();
        app.UseSignIn();
        return app.MapHealth().MapApi().MapScheduling().MapConsole();
    }

    private static WebApplicationBuilder AddDatabase(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
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
        return builder;
    }

    private static WebApplicationBuilder AddLedger(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<PostgresLedger>();
        services.AddSingleton<ILedger>(provider => provider.GetRequiredService<PostgresLedger>());
        services.AddSingleton<DeliveryPipeline>();
        services.AddSingleton(provider => new Replayer(provider.GetRequiredService<PostgresLedger>(), provider.GetRequiredService<DatabaseReadiness>(),
            provider.GetRequiredService<IDbContextFactory<LedgerDbContext>>()));
        services.AddSingleton<FormerVersions>();
        services.AddSingleton<CorrectionUndo>();
        services.AddSingleton(provider => new QuarantineService(provider.GetRequiredService<NpgsqlDataSource>(),
            provider.GetRequiredService<IDbContextFactory<LedgerDbContext>>(), provider.GetRequiredService<Replayer>(), provider.GetRequiredService<PostgresLedger>(),
            provider.GetRequiredService<CorrectionUndo>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IEventPublisher, NoAudience>();
        services.AddHostedService<OutboxRelay>();
        return builder;
    }

    private static WebApplicationBuilder AddKeeping(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AccountSignal>();
        builder.Services.AddHostedService<AccountKeeper>();
        return builder;
    }
}
