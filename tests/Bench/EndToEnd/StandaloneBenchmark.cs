using Npgsql;
using Redbark.Sync.Bench.Load;
using Redbark.Sync.Bench.Reporting;
using Redbark.Sync.Testing;

namespace Redbark.Sync.Bench.EndToEnd;

/// <summary><c>redbark-sync up</c> as a process, on the same PostgreSQL server as COPY was measured on.</summary>
internal sealed class StandaloneBenchmark(string database, double copy)
{
    private const double Target = 0.4;

    public async Task RunAsync(Report report)
    {
        using var data = new TemporaryDirectory("bench-standalone");
        await using var process = new HostProcess("redbark-sync", new()
        {
            ["Data__Directory"] = data.Path,
            ["Feeds__redbark__Secrets__0"] = Request.Secret,
            ["ConnectionStrings__Ledger"] = database,
        }, "up");
        report.Figure("start until it serves", $"{(await process.StartAsync()).TotalSeconds:0.00} s");

        await using var ledger = NpgsqlDataSource.Create(database);
        var way = new WholeWay(process.Address, ledger, () => process.Output);
        await way.IsReadyAsync();
        await way.ThroughputAsync(seed: 1, deliveries: 150);
        report.Ratio("500 rows a delivery", await way.ThroughputAsync(seed: 2, deliveries: 200), "COPY", copy, "rows/s", Target);
        report.Figure("accept to commit, 1 row, 50 a second", (await way.LatencyAsync(3, 200, TimeSpan.FromMilliseconds(20))).ToString());
        report.Figure("peak memory", $"{process.PeakMemory >> 20:N0} MiB");
    }
}
