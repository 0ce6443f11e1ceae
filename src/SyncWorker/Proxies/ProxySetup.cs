using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Redbark.Sync.Worker.Proxies;

/// <summary>Takes the caller's address and scheme from headers, where a configured proxy sent them and nowhere else.</summary>
internal static class ProxySetup
{
    public static WebApplicationBuilder AddProxies(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ProxyOptions>().Configure<IConfiguration>(ProxyOptions.Read).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ProxyOptions>, ProxyOptionsValidator>();
        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ProxyOptions>>((forwarded, proxies) =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            // Usually this machine counts as a proxy; here only what is named does.
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in proxies.Value.Known)
                forwarded.KnownIPNetworks.Add(network);
            forwarded.ForwardLimit = null;
        });
        return builder;
    }

    /// <summary>Comes first: all else asks where a request is from.</summary>
    public static void UseProxies(this WebApplication app)
    {
        // With no proxy known the middleware would believe every one.
        if (app.Configuration.GetSection(ProxyOptions.Key).GetChildren().Any())
            app.UseForwardedHeaders();
    }
}
