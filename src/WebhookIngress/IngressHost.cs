using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Redbark.Sync.Hosting;
using Redbark.Sync.Ingress.Feeds;
using Redbark.Sync.Ingress.Journal;
using Redbark.Sync.Ingress.Relay;
using Redbark.Sync.Ingress.Telemetry;
using Redbark.Sync.Ingress.Webhooks;

namespace Redbark.Sync.Ingress;

/// <summary>The ingress's parts, for a host of its own and for the one that holds the worker too.</summary>
public static class IngressHost
{
    /// <summary>Adds the webhook endpoint, the journal and the relay. The host adds an <see cref="IDeliveryPublisher"/>.</summary>
    public static WebApplicationBuilder AddIngress(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        AddOptions<JournalOptions>(services, JournalOptions.Section, options => options.Problems());
        AddOptions<RelayOptions>(services, RelayOptions.Section, options => options.Problems());
        AddOptions<WebhookOptions>(services, WebhookOptions.Section, options => options.Problems());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IJournalFiles, DiskFiles>();
        services.AddSingleton<IngressMetrics>();
        services.AddSingleton<FeedCatalog>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<DeliveryJournal>(
            provider, provider.GetRequiredService<IOptions<JournalOptions>>().Value));
        services.AddSingleton<IConditionSource, JournalConditions>();
        services.AddSingleton<BodyReader>();
        services.AddSingleton<WebhookEndpoint>();
        services.AddHostedService<FeedReloader>();
        services.AddHostedService<DeliveryRelay>();
        services.AddHealth().AddCheck<JournalHealth>("journal", tags: [Health.Ready]);
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;

            // Bodies wait in the budget's memory, not once more in the server's.
            server.Limits.MaxRequestBufferSize = 128 << 10;
            server.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));
        });
        return builder;
    }

    /// <summary>Adds a publisher on RabbitMQ. The ingress starts and accepts without a connection.</summary>
    public static WebApplicationBuilder AddIngressBus(this WebApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddPublishingBus(builder.Configuration);
        builder.Services.AddSingleton<IDeliveryPublisher, BusDeliveryPublisher>();
        return builder;
    }

    /// <summary>Maps <c>/webhooks/{feed}</c> and the health endpoints.</summary>
    public static WebApplication MapIngress(this WebApplication app)
    {
        app.Map(WebhookEndpoint.Path, static context => context.RequestServices.GetRequiredService<WebhookEndpoint>().HandleAsync(context))
            .AllowAnonymous();
        return app.MapHealth();
    }

    private static void AddOptions<T>(IServiceCollection services, string section, Func<T, IEnumerable<string>> problems) where T : class =>
        services.AddOptions<T>()
            .BindConfiguration(section)
            .ValidateOnStart()
            .Services.AddSingleton<IValidateOptions<T>>(new OptionsProblems<T>(problems));
}
