using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Redbark.Sync.Bench.Load;
using Redbark.Sync.Contracts;
using Redbark.Sync.Ingress;
using Redbark.Sync.Ingress.Relay;

namespace Redbark.Sync.Bench.Accepts;

/// <summary>The ingress as it runs, but for a broker that is away: what is measured is accepting, not relaying.</summary>
internal static class IdleIngress
{
    public static async Task<WebApplication> StartAsync(string journal)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Feeds:redbark:Secrets:0"] = Request.Secret,
            ["Journal:Directory"] = journal,
            ["Relay:Window"] = "1",
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddIngress();
        builder.Services.AddSingleton<IDeliveryPublisher, AwayPublisher>();
        var app = builder.Build();
        app.MapIngress();
        await app.StartAsync();
        return app;
    }

    private sealed class AwayPublisher : IDeliveryPublisher
    {
        public Task PublishAsync(IDelivered message, CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
