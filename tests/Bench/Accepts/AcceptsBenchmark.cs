using Microsoft.AspNetCore.Builder;
using Redbark.Sync.Bench.Load;
using Redbark.Sync.Bench.Reporting;
using Redbark.Sync.Testing;

namespace Redbark.Sync.Bench.Accepts;

/// <summary>Requests answered 200 a second, each on disk before its answer, beside an endpoint that only reads and hashes.</summary>
internal static class AcceptsBenchmark
{
    private const double Target = 0.5;
    private const int Connections = 64;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(4);

    public static async Task RunAsync(Report report)
    {
        await MeasureAsync(report, "1 row a delivery", new Bodies(1).Next(1));
        await MeasureAsync(report, "500 rows a delivery", new Bodies(1).Next(500));
    }

    private static async Task MeasureAsync(Report report, string name, byte[] body)
    {
        var request = Request.Create("/webhooks/redbark", body);
        var bare = await MeasureAsync(() => BareEndpoint.StartAsync(), request);
        using var journal = new TemporaryDirectory("bench-journal");
        var ingress = await MeasureAsync(() => IdleIngress.StartAsync(journal.Path), request);
        report.Ratio($"accepts, {name} ({body.Length:N0} bytes)", ingress.PerSecond, "bare endpoint", bare.PerSecond, "requests/s", Target);
        report.Ratio("  of what the disk takes, synced", ingress.PerSecond, "write and fsync alone", DiskBaseline.Measure(body, Connections, Time), "requests/s", null);
    }

    private static async Task<LoadGenerator.Result> MeasureAsync(Func<Task<WebApplication>> start, byte[] request)
    {
        await using var app = await start();
        var load = new LoadGenerator(new Uri(app.Urls.First()), Connections);
        await load.RunAsync(() => request, TimeSpan.FromSeconds(1)); // What is compiled and opened on first use is not measured.
        var result = await load.RunAsync(() => request, Time);
        await app.StopAsync();
        return result;
    }
}
