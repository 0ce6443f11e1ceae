using System.Text;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Quarantine;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Quarantine;

/// <summary>A ledger of its own, with deliveries whose rows can be wrong, people who decide about them, and a rebuild.</summary>
internal sealed class Bench : IAsyncDisposable
{
    public const string Account = "fix-account";

    private readonly TestDatabase _database;
    private DateTimeOffset _received = Sent.Today;

    private Bench(TestDatabase database) => (_database, Worker) = (database, new WorkerUnderTest(database.ConnectionString));

    public WorkerUnderTest Worker { get; }

    public static async Task<Bench> StartAsync() => new(await LedgerDatabase.CreateAsync());

    public async ValueTask DisposeAsync()
    {
        await Worker.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>A row; the amount is JSON, so that it can be wrong.</summary>
    public static string Row(string id, string amount, string more = "") =>
        $$"""{"id":"{{id}}","account_id":"{{Account}}","account_name":"Everyday","status":"posted","amount":{{amount}},"currency":"AUD","local_date":"2026-10-02"{{more}}}""";

    /// <summary>Delivers rows, observed so many hours after the first.</summary>
    public Task<ApplyOutcome> DeliverAsync(int hour, params string[] rows) => DeliverAsync("transactions.synced", hour, rows);

    public Task<ApplyOutcome> DeliverAsync(string type, int hour, params string[] rows)
    {
        _received += TimeSpan.FromSeconds(1);
        var created = Sent.Today.AddDays(-30).AddHours(hour).ToUnixTimeSeconds();
        return Worker.ApplyAsync(Sent.Body(Encoding.UTF8.GetBytes(
            $$$"""{"id":"{{{Guid.NewGuid()}}}","object":"event","type":"{{{type}}}","api_version":"2026-03-15","created":{{{created}}},"data":{"new":[{{{string.Join(',', rows)}}}],"updated":[]},"metadata":{}}"""),
            _received, "fix"));
    }

    public Task<QuarantineAnswer> EditAsync(long item, string json) => Worker.Quarantine.EditAsync(item, json, "a note", "somebody", CancellationToken.None);

    public Task<QuarantineAnswer> UndoAsync(long item) => Worker.Quarantine.UndoAsync(item, CancellationToken.None);

    public Task<QuarantineResult> DropAsync(long item) => Worker.Quarantine.DropAsync(item, "not ours", "somebody", CancellationToken.None);

    public async Task<long> OpenAsync() => (await OpenItemsAsync())[0];

    public Task<List<long>> OpenItemsAsync() => Worker.QueryAsync("SELECT id FROM ledger.quarantine WHERE state = 'open' ORDER BY id", row => row.GetInt64(0));

    public Task<List<string>> RowsAsync() => Worker.QueryAsync(
        "SELECT external_id || ' ' || amount || ' ' || revision FROM ledger.transactions ORDER BY external_id", row => row.GetString(0));

    public Task<List<string>> CountsAsync() => Worker.QueryAsync(
        "SELECT concat_ws(' ', applied, unchanged, quarantined, ignored, ignored_reasons::text) FROM ledger.deliveries ORDER BY received_at", row => row.GetString(0));

    /// <summary>The ledger and its quarantine, without ids.</summary>
    public async Task<List<string>> StateAsync() =>
    [
        .. await LedgerSnapshot.OfAsync(Worker, "fix"),
        .. await Worker.QueryAsync("SELECT concat_ws(' ', 'delivery', status, rows, quarantined) FROM ledger.deliveries ORDER BY id", row => row.GetString(0)),
        .. await Worker.QueryAsync("SELECT concat_ws(' ', 'decided', state, raw_json, note) FROM ledger.quarantine WHERE state <> 'open' AND (state = 'dropped' OR fate IS NOT NULL) GROUP BY 1 ORDER BY 1", row => row.GetString(0)),
        .. await Worker.QueryAsync("SELECT concat_ws(' ', 'was pending', external_id) FROM ledger.once_pending ORDER BY 1", row => row.GetString(0)),
    ];

    public async Task RebuildAsync()
    {
        await Worker.ExecuteAsync("""
            TRUNCATE ledger.accounts, ledger.account_merges, ledger.transactions, ledger.transaction_revisions, ledger.trades, ledger.trade_revisions,
                ledger.quarantine, ledger.sync_runs, ledger.sync_run_chunks, ledger.outbox,
                ledger.settlements, ledger.settlement_suggestions, ledger.once_pending, ledger.account_changes
            """);
        await Worker.ReplayAllAsync();
    }

    /// <summary>What the archive and people's decisions say is what the ledger holds.</summary>
    public async Task AssertRebuildsAsync(string because = "")
    {
        var before = await StateAsync();
        await RebuildAsync();
        Assert.Equal(string.Join('\n', before.Prepend(because)), string.Join('\n', (await StateAsync()).Prepend(because)));
    }
}
