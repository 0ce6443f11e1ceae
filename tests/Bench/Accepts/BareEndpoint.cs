using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Redbark.Sync.Bench.Load;

namespace Redbark.Sync.Bench.Accepts;

/// <summary>The baseline of accepts: a Kestrel endpoint that only reads the body and computes its HMAC. It keeps nothing.</summary>
internal static class BareEndpoint
{
    public static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/webhooks/redbark", HashAsync);
        await app.StartAsync();
        return app;
    }

    private static async Task<IResult> HashAsync(HttpRequest request)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(Request.Secret));
        for (var done = false; !done;)
        {
            var read = await request.BodyReader.ReadAsync();
            foreach (var part in read.Buffer)
                hmac.AppendData(part.Span);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            done = read.IsCompleted;
        }

        return Results.Text(Convert.ToHexStringLower(hmac.GetHashAndReset()));
    }
}
