using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Redbark.Sync.Simulator.OpenBanking;

/// <summary>A web server on loopback.</summary>
internal static class LoopbackServer
{
    /// <summary>Starts one.</summary>
    /// <param name="port">The port; 0 takes a free one.</param>
    /// <param name="map">Its endpoints.</param>
    /// <param name="certificate">Its certificate; with one, callers must show theirs. Null for plain HTTP.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    public static async Task<WebApplication> StartAsync(
        int port, Action<IEndpointRouteBuilder> map, X509Certificate2? certificate = null, CancellationToken cancellationToken = default)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            if (certificate is null)
                return;

            listen.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.AllowAnyClientCertificate();
            });
        }));
        if (certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddRoutingCore();
        var web = builder.Build();
        map(web);
        await web.StartAsync(cancellationToken);
        return web;
    }
}
