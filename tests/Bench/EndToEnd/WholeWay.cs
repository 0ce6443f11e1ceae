using System.Diagnostics;
using Npgsql;
using Redbark.Sync.Bench.Load;
using Redbark.Sync.Bench.Reporting;
using Redbark.Sync.Testing;

namespace Redbark.Sync.Bench.EndToEnd;

/// <summary>Sends to an ingress and waits for the ledger.</summary>
internal sealed class WholeWay(Uri ingress, NpgsqlDataSource ledger, Func<string> evidence)
{
    private const string Path = "/webhooks/redbark";
    private const int RowsADelivery = 500;

    private long _rows;

    /// <summary>Waits until the worker has made the ledger.</summary>
    public Task IsReadyAsync() => Eventually.HoldsAsync(
        async () =>
        {
            await using var command = ledger.CreateCommand("SELECT to_regclass('ledger.outbox') IS NOT NULL");
            return (bool)(await command.ExecuteScalarAsync())!;
        },
        "the worker has made the ledger", evidence);

    /// <summary>As fast as it goes: from the first byte sent until the last row is committed.</summary>
    /// <returns>Rows a second.</returns>
    public async Task<double> ThroughputAsync(int seed, int deliveries)
    {
        var bodies = new Bodies(seed);
        var requests = new Queue<byte[]>(Enumerable.Range(0, deliveries).Select(_ => Request.Create(Path, bodies.Next(RowsADelivery))));
        var watch = Stopwatch.StartNew();
        await new LoadGenerator(ingress, connections: 4).RunAsync(Next, TimeSpan.FromMinutes(5));
        _rows += deliveries * RowsADelivery;
        await Eventually.EqualsAsync(_rows, () => AskAsync("SELECT coalesce(sum(rows), 0)::bigint FROM ledger.deliveries"), evidence);
        return deliveries * RowsADelivery / watch.Elapsed.TotalSeconds;

        ReadOnlyMemory<byte>? Next()
        {
            lock (requests)
            {
                // Not as one expression: null would become an empty array, and that an empty request.
                if (requests.TryDequeue(out var request))
                    return request;
                return null;
            }
        }
    }

    /// <summary>At a steady rate of single rows: from the acceptance to the commit, by the ingress's clock and PostgreSQL's commit times.</summary>
    public async Task<Latencies> LatencyAsync(int seed, int deliveries, TimeSpan between)
    {
        var bodies = new Bodies(seed);
        var started = DateTimeOffset.UtcNow;
        var load = new LoadGenerator(ingress, connections: 1);
        using var timer = new PeriodicTimer(between);
        for (var i = 0; i < deliveries; i++)
        {
            ReadOnlyMemory<byte>? request = Request.Create(Path, bodies.Next(1));
            await load.RunAsync(() => (request, request = null).Item1, TimeSpan.FromMinutes(1));
            await timer.WaitForNextTickAsync();
        }

        _rows += deliveries;
        await Eventually.EqualsAsync(_rows, () => AskAsync("SELECT coalesce(sum(rows), 0)::bigint FROM ledger.deliveries"), evidence);

        await using var command = ledger.CreateCommand(
            "SELECT extract(epoch FROM pg_xact_commit_timestamp(xmin) - received_at)::float8 * 1000 FROM ledger.deliveries WHERE received_at >= $1");
        command.Parameters.AddWithValue(started.UtcDateTime);
        var times = new List<double>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            times.Add(reader.GetDouble(0));
        return new Latencies(times);
    }

    private async Task<long> AskAsync(string sql)
    {
        await using var command = ledger.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
