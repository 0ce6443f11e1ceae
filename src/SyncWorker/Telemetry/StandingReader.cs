using Npgsql;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Telemetry;

/// <summary>Reads <see cref="Standing"/>: one round trip, each count from an index over what is counted.</summary>
internal sealed class StandingReader(NpgsqlDataSource database, BalanceOptions balances, TimeProvider clock)
{
    private static readonly string[] Statuses = ["proved", "settling", "drift", "unknown"];
    private static readonly string[] States = ["open", "healing", "failed"];

    public async Task<Standing> ReadAsync(CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        batch.Add($"""
            SELECT (SELECT count(*) FROM ledger.quarantine WHERE state = 'open'), (SELECT count(*) FROM ledger.deliveries WHERE status = 'parked'),
                (SELECT count(*) FROM ledger.connections WHERE needs_attention_since IS NOT NULL), (SELECT count(*) FROM ledger.connections WHERE {ConsentEnd.IsNear})
            """).With(balances.Horizon(clock));
        batch.Add("SELECT status, count(*) FROM ledger.reconciliations GROUP BY status");
        batch.Add("SELECT state, count(*) FROM ledger.gaps WHERE closed_at IS NULL GROUP BY state");
        batch.Add("SELECT feed, last_delivery_at, silent_since IS NOT NULL FROM ledger.feed_states ORDER BY feed");
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var (quarantined, parked, connections, consents) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
        var proofs = await CountsAsync(reader, Statuses, cancellation);
        var gaps = await CountsAsync(reader, States, cancellation);

        await reader.NextResultAsync(cancellation);
        var feeds = new List<StandingFeed>();
        while (await reader.ReadAsync(cancellation))
            feeds.Add(new(reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetBoolean(2)));
        return new Standing { Quarantined = quarantined, Parked = parked, Connections = connections, EndingConsents = consents, Proofs = proofs, Gaps = gaps, Feeds = feeds };
    }

    // A state that has gone to nothing must be said to be 0, or a graph keeps its last value.
    private static async Task<Dictionary<string, long>> CountsAsync(NpgsqlDataReader reader, string[] all, CancellationToken cancellation)
    {
        await reader.NextResultAsync(cancellation);
        var counts = all.ToDictionary(name => name, _ => 0L);
        while (await reader.ReadAsync(cancellation))
            counts[reader.GetString(0)] = reader.GetInt64(1);
        return counts;
    }
}
