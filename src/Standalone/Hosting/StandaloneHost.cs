using MassTransit;
using Microsoft.Extensions.Options;
using Redbark.Sync.Hosting;
using Redbark.Sync.Hosting.Telemetry;
using Redbark.Sync.Ingress;
using Redbark.Sync.Ingress.Relay;
using Redbark.Sync.Standalone.Database;
using Redbark.Sync.Worker;

namespace Redbark.Sync.Standalone.Hosting;

/// <summary>Ingress and worker in one process, joined by MassTransit's mediator, on a database of their own.</summary>
internal static class StandaloneHost
{
    /// <summary>Builds the process from configuration.</summary>
    /// <param name="overrides">Settings of the command line, <c>--Section:Key=value</c>.</param>
    public static WebApplication Build(string[] overrides) => Build(configuration => configuration.AddStandaloneSources(overrides));

    /// <summary>Builds the process from these settings and no other.</summary>
    public static WebApplication Build(IReadOnlyDictionary<string, string?> settings) => Build(configuration =>
    {
        configuration.Sources.Clear();
        configuration.AddInMemoryCollection(settings);
    });

    private static WebApplication Build(Action<ConfigurationManager> configure)
    {
        var builder = WebApplication.CreateBuilder();
        configure(builder.Configuration);
        var data = builder.Configuration.Data();

        builder.UseDataDirectory(data);
        builder.AddHostLogging();
        builder.AddTelemetry("redbark-sync");
        builder.AddPrivateDatabase(data);
        builder.AddIngress();
        builder.AddWorker();
        builder.Services.AddMediator(mediator => mediator.AddWorkerConsumers());
        builder.Services.AddSingleton<IDeliveryPublisher, MediatorDeliveryPublisher>();

        var app = builder.Build();
        app.MapIngress();
        app.MapWorker();
        return app;
    }

    /// <summary>Puts the journal and the keys of sessions below the data directory and makes the API's token, where the settings do not say otherwise.</summary>
    private static void UseDataDirectory(this WebApplicationBuilder builder, DataDirectory data)
    {
        data.Make();
        var settings = builder.Configuration;
        if (string.IsNullOrEmpty(settings["Journal:Directory"]))
            settings["Journal:Directory"] = data.Journal;

        if (string.IsNullOrEmpty(settings["Console:KeysDirectory"]))
            settings["Console:KeysDirectory"] = data.SessionKeys;

        var token = new ApiToken(IsNew: false, File: null);
        if (!settings.GetSection("Api:Tokens").GetChildren().Any())
        {
            var (made, isNew) = data.EnsureApiToken();
            settings["Api:Tokens:0"] = made;
            token = new ApiToken(isNew, data.ApiTokenFile);
        }

        builder.Services.AddSingleton(token);
    }

    private static void AddPrivateDatabase(this WebApplicationBuilder builder, DataDirectory data)
    {
        builder.Services.AddSingleton<StartFailure>();
        if (!string.IsNullOrEmpty(builder.Configuration["ConnectionStrings:Ledger"]))
            return;

        var options = builder.Configuration.GetSection("Postgres").Get<PostgresOptions>() ?? new PostgresOptions();
        builder.Configuration["ConnectionStrings:Ledger"] = PostgresServer.ConnectionString(data.Database, PrivateDatabase.Name);
        builder.Services.AddSingleton(provider =>
            new PostgresServer(data.Database, options, provider.GetRequiredService<ILogger<PostgresServer>>()));
        builder.Services.AddHostedService<PrivateDatabase>();
    }
}

/// <summary>Where the API's token is.</summary>
/// <param name="IsNew">Made by this start.</param>
/// <param name="File">The file that holds it; null where the settings name the tokens.</param>
internal sealed record ApiToken(bool IsNew, string? File);
