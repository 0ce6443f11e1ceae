using Redbark.Sync.Bench;
using Redbark.Sync.Bench.Accepts;
using Redbark.Sync.Bench.Api;
using Redbark.Sync.Bench.EndToEnd;
using Redbark.Sync.Bench.Ledger;
using Redbark.Sync.Bench.Reporting;

// usage: Bench [accepts] [ledger] [standalone] [distributed] [api]     without words: all of them
bool Wanted(string part) => args.Length == 0 || args.Contains(part);

Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, {Machine.Memory}");
var report = new Report();

if (Wanted("accepts"))
{
    report.Section("Accepts: durable before the answer");
    await AcceptsBenchmark.RunAsync(report);
}

if (args.Length == 0 || Wanted("ledger") || Wanted("standalone") || Wanted("distributed"))
{
    await using var servers = await BenchServers.StartAsync(withBroker: Wanted("distributed"));
    report.Section("Ledger: revisions, archive, quarantine and events included");
    var copy = await new LedgerBenchmark(await servers.CreateDatabaseAsync("ledger")).RunAsync(report);

    if (Wanted("standalone"))
    {
        report.Section("The whole way, standalone: HTTP to committed rows in one process");
        await new StandaloneBenchmark(await servers.CreateDatabaseAsync("standalone"), copy).RunAsync(report);
    }

    if (Wanted("distributed"))
    {
        report.Section("The whole way, distributed: ingress and worker as processes over RabbitMQ");
        await new DistributedBenchmark(await servers.CreateDatabaseAsync("distributed"), servers.Broker!, copy).RunAsync(report);
    }
}

if (Wanted("api"))
{
    await using var servers = await BenchServers.StartAsync(withBroker: false);
    report.Section("The API and the console over a large ledger: the median of each list and page");
    await new ApiBenchmark(await servers.CreateDatabaseAsync("api")).RunAsync(report);
}

report.Close();
