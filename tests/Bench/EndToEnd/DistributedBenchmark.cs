using Npgsql;
using Redbark.Sync.Bench.Load;
using Redbark.Sync.Bench.Reporting;
using Redbark.Sync.Testing;

namespace Redbark.Sync.Bench.EndToEnd;

/// <summary>Ingress and worker as processes of their own over RabbitMQ and PostgreSQL.</summary>
internal sealed class DistributedBenchmark(string database, string broker, double copy)
{
    public async Task RunAsync(Report report)
    {
        using var journal = new TemporaryDirectory("bench-journal");
        await using var ingress = new HostProcess("Redbark.Sync.Ingress", new()
        {
            ["Feeds__redbark__Secrets__0"] = Request.Secret,
            ["Journal__Directory"] = journal.Path,
            ["ConnectionStrings__RabbitMq"] = broker,
        });
        await using var worker = new HostProcess("Redbark.Sync.Worker", new()
        {
            ["ConnectionStrings__Ledger"] = database,
            ["ConnectionStrings__RabbitMq"] = broker,
        });
        report.Figure("ingress: start until it serves", $"{(await ingress.StartAsync()).TotalSeconds:0.00} s");
        report.Figure("worker: start until it serves", $"{(await worker.StartAsync()).TotalSeconds:0.00} s");

        await using var ledger = NpgsqlDataSource.Create(database);
        var way = new WholeWay(ingress.Address, ledger, () => $"{ingress.Output}\n────\n{worker.Output}");
        await way.IsReadyAsync();
        await way.ThroughputAsync(seed: 1, deliveries: 150);
        report.Ratio("500 rows a delivery", await way.ThroughputAsync(seed: 2, deliveries: 200), "COPY", copy, "rows/s", null);
        report.Figure("accept to commit, 1 row, 50 a second", (await way.LatencyAsync(3, 200, TimeSpan.FromMilliseconds(20))).ToString());
        report.Figure("peak memory", $"ingress {ingress.PeakMemory >> 20:N0} MiB, worker {worker.PeakMemory >> 20:N0} MiB");
    }
}
