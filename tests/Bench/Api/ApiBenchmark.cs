using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Npgsql;
using Redbark.Sync.Bench.Load;
using Redbark.Sync.Bench.Reporting;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Console.Layout;

namespace Redbark.Sync.Bench.Api;

/// <summary>How long each list and each page takes over a large ledger, and how much room a row takes.</summary>
internal sealed class ApiBenchmark(string database)
{
    private const string Token = "a-token-of-the-benchmark-0123456789";
    private const int Repeats = 7;
    private const double Target = 200;

    private static readonly string[] Addresses =
    [
        "accounts", "accounts?status=drift", "accounts?text=Account", "accounts/7", "accounts/7/history", "accounts/7/history?from=2016-01-01", "accounts/7/transactions", "accounts/7/transactions?text=nowhere", "accounts/7/transactions?status=pending", "accounts/7/transactions?effectiveStatus=settled", "accounts/7/transactions?effectiveStatus=hold", "accounts/7/transactions?min=999999999", "accounts/7/transactions?from={day-30}&to={day}", "transactions/500000",
        "transactions/500003/revisions", "trades", "trades?symbol=SYM3", "positions", "deliveries", "deliveries?status=parked", "deliveries?type=trades.synced",
        "deliveries?runId=run_700", "deliveries?search={delivery}", "deliveries?search=evt_700", "deliveries/{delivery}", "deliveries/{delivery}/rows", "runs", "runs?runId=run_700", "operations", "runs?incomplete=true", "runs?incomplete=false", "quarantine", "quarantine?state=open", "suggestions", "suggestions/accepted", "suggestions/rejected",
        "reconciliation", "reconciliation?status=drift", "accounts/7/reconciliation", "balances", "balances/7", "balances/7/history", "holdings", "connections", "gaps", "gaps?state=open", "jobs", "feeds", "audit",
    ];

    /// <summary>Beside those that the navigation names.</summary>
    private static readonly string[] Pages =
        ["/accounts/7", "/accounts/7?status=pending", "/accounts/7?text=Shop+77", "/accounts/7?effectiveStatus=settled", "/deliveries/{delivery}", "/deliveries?status=parked", "/deliveries?search=run_700", "/deliveries?search={delivery}", "/deliveries?type=trades.synced&feed=redbark", "/runs?incomplete=true", "/runs?runId=run_700", "/quarantine?state=open", "/quarantine/100"];

    private static readonly string[] Tables = ["transactions", "transaction_revisions", "deliveries", "sync_run_chunks", "balances", "settlements"];

    public async Task RunAsync(Report report)
    {
        using var data = new TemporaryDirectory("bench-api");
        await using var process = new HostProcess("redbark-sync", new()
        {
            ["Data__Directory"] = data.Path,
            ["Feeds__redbark__Secrets__0"] = Request.Secret,
            ["Api__Tokens__0"] = Token,
            ["Schedule__Enabled"] = "false",
            ["ConnectionStrings__Ledger"] = database,
        }, "up");
        await process.StartAsync();
        await using var ledger = NpgsqlDataSource.Create(database);
        using (var anybody = new HttpClient { BaseAddress = process.Address })
            await Eventually.HoldsAsync(async () => (await anybody.GetAsync("/health/ready")).IsSuccessStatusCode, "the ledger is made", () => process.Output);
        await LargeLedger.FillAsync(ledger);
        report.Figure("transactions, deliveries, accounts", $"{LargeLedger.Transactions:N0}, {LargeLedger.Deliveries:N0}, {LargeLedger.Accounts}");

        foreach (var table in Tables)
            report.Figure($"bytes a row of {table}, indexes included", $"{await SizeAsync(ledger, table):N0}");

        using var client = new HttpClient { BaseAddress = process.Address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Token) } };
        var delivery = JsonNode.Parse(await client.GetStringAsync("/api/v1/deliveries?limit=1"))!["data"]![0]!["id"];
        foreach (var address in Addresses.Select(address => $"/api/v1/{address}").Concat(Navigation.Items.Select(item => item.Path)).Concat(Pages))
        {
            var path = address.Replace("{delivery}", $"{delivery}", StringComparison.Ordinal)
                .Replace("{day-30}", $"{DateTime.UtcNow.AddDays(-30):yyyy-MM-dd}", StringComparison.Ordinal).Replace("{day}", $"{DateTime.UtcNow:yyyy-MM-dd}", StringComparison.Ordinal);
            report.Most(address, await MedianAsync(client, path), Target, "ms");
        }
    }

    private static async Task<long> SizeAsync(NpgsqlDataSource ledger, string table)
    {
        await using var command = ledger.CreateCommand($"""
            SELECT coalesce((SELECT sum(pg_total_relation_size(relid))::bigint FROM pg_partition_tree('ledger.{table}')), pg_total_relation_size('ledger.{table}')) / (SELECT count(*) FROM ledger.{table})
            """);
        command.CommandTimeout = 0;
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The first call warms up and does not count.</summary>
    private static async Task<double> MedianAsync(HttpClient client, string path)
    {
        var times = new List<double>();
        for (var i = 0; i <= Repeats; i++)
        {
            var watch = Stopwatch.StartNew();
            using var answer = await client.GetAsync(path);
            await answer.Content.ReadAsByteArrayAsync();
            if (!answer.IsSuccessStatusCode)
                throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            if (i > 0)
                times.Add(watch.Elapsed.TotalMilliseconds);
        }

        return new Latencies(times).Quantile(0.5);
    }
}
