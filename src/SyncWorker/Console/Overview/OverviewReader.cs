using Npgsql;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Console.Overview;

/// <summary>Reads the overview in one round trip; every statement finds its rows by an index.</summary>
internal sealed class OverviewReader(NpgsqlDataSource database, BalanceOptions balances, TimeProvider clock)
{
    private const string Feeds = """
        SELECT f.feed, coalesce(newest.at, f.last_delivery_at), f.usual_pause, f.silent_after, f.silent_since
        FROM (SELECT feed, last_delivery_at, usual_pause, silent_after, silent_since FROM ledger.feed_states
              UNION ALL
              SELECT DISTINCT d.feed, NULL::timestamptz, NULL::interval, NULL::interval, NULL::timestamptz FROM ledger.deliveries d
              WHERE d.received_at > $1 AND d.feed <> 'rest' AND NOT EXISTS (SELECT FROM ledger.feed_states s WHERE s.feed = d.feed)) f
        LEFT JOIN LATERAL (SELECT received_at AS at FROM ledger.deliveries d WHERE d.feed = f.feed AND d.received_at > coalesce(f.last_delivery_at - interval '1 day', $1)
                           ORDER BY received_at DESC LIMIT 1) newest ON true
        ORDER BY f.silent_since IS NULL, f.feed
        """;

    private const string Proofs = """
        SELECT count(*) FILTER (WHERE status = 'proved'), count(*) FILTER (WHERE status = 'settling'), count(*) FILTER (WHERE status = 'drift'), count(*) FILTER (WHERE status = 'unknown')
        FROM ledger.reconciliations
        """;

    private const string Unproved = """
        SELECT r.account_id, a.name, p.provider, r.subject, r.status, r.cause, r.drift, r.currency, r.since
        FROM ledger.reconciliations r
        JOIN ledger.accounts a ON a.id = r.account_id
        LEFT JOIN ledger.provider_accounts p ON p.id = r.provider_account_id
        WHERE r.status IN ('drift', 'unknown')
        ORDER BY r.status, r.changed_at DESC, r.account_id, r.subject
        LIMIT 50
        """;

    private const string Counts = """
        SELECT (SELECT count(*) FROM ledger.quarantine WHERE state = 'open'),
               (SELECT count(*) FROM ledger.settlement_suggestions),
               (SELECT count(*) FROM ledger.deliveries WHERE status = 'parked'),
               (SELECT count(*) FROM ledger.deliveries WHERE status = 'unreadable' AND received_at > $1),
               (SELECT count(*) FROM ledger.gaps WHERE closed_at IS NULL AND state IN ('open', 'healing')),
               (SELECT count(*) FROM ledger.outbox)
        """;

    private static readonly string FailedGaps = $"SELECT id, kind, from_day, to_day, last_error FROM ledger.gaps WHERE closed_at IS NULL AND state = 'failed' ORDER BY id LIMIT {Concerns.Listed + 1}";

    private static readonly string Connections = $"""
        SELECT provider, connection_id, institution, status, error, needs_attention_since FROM ledger.connections
        WHERE needs_attention_since IS NOT NULL ORDER BY needs_attention_since, provider, connection_id LIMIT {Concerns.Listed + 1}
        """;

    private static readonly string EndingConsents = $"""
        SELECT provider, connection_id, institution, consent_ends_at FROM ledger.connections
        WHERE {ConsentEnd.IsNear} ORDER BY consent_ends_at, provider, connection_id LIMIT {Concerns.Listed + 1}
        """;

    private static readonly string Operations = $"""
        SELECT o.id, o.kind, o.finished_at, o.error FROM ledger.operations o
        WHERE o.state = 'failed' AND o.finished_at > $1
          AND NOT EXISTS (SELECT FROM ledger.operations later WHERE later.kind = o.kind AND later.request = o.request AND later.id > o.id)
        ORDER BY o.finished_at DESC LIMIT {Concerns.Listed + 1}
        """;

    private const string Jobs = """
        SELECT j.job, r.started_at, r.error FROM (SELECT DISTINCT job FROM ledger.job_runs WHERE started_at > $1) j
        CROSS JOIN LATERAL (SELECT started_at, outcome, error FROM ledger.job_runs WHERE job = j.job AND outcome NOT IN ('skipped', 'running')
                            ORDER BY started_at DESC, id DESC LIMIT 1) r
        WHERE r.outcome IN ('failed', 'lost') ORDER BY j.job
        """;

    private const string Rates = """
        SELECT count(*) FILTER (WHERE received_at > $2), count(*), coalesce(sum(rows), 0), coalesce(sum(applied), 0),
               percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM recorded_at - received_at)) FILTER (WHERE received_at > $2),
               max(extract(epoch FROM recorded_at - received_at)) FILTER (WHERE received_at > $2)
        FROM ledger.deliveries WHERE received_at > $1
        """;

    public async Task<OverviewModel> ReadAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var day = now.AddDays(-1);
        await using var batch = database.CreateBatch();
        batch.Add(Feeds).With(day);
        batch.Add(Proofs);
        batch.Add(Unproved);
        batch.Add(Counts).With(day);
        batch.Add(FailedGaps);
        batch.Add(Connections);
        batch.Add(EndingConsents).With(balances.Horizon(clock));
        batch.Add(Operations).With(now.AddDays(-7));
        batch.Add(Jobs).With(now.AddDays(-7));
        batch.Add(Rates).With(day).With(now.AddHours(-1));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);

        var feeds = await ListAsync(reader, row => new FeedLine(
            row.GetString(0), row.Time(1), row.Number<TimeSpan>(2), row.Number<TimeSpan>(3), row.Time(4)), cancellation);
        var proofs = (await ListAsync(reader, row => new ProofCounts(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), cancellation))[0];
        var unproved = await ListAsync(reader, row => new ProofLine(
            row.GetInt64(0), row.Value<string>(1), row.Value<string>(2), row.GetString(3), row.GetString(4), row.Value<string>(5), row.Number<decimal>(6),
            row.Value<string>(7)?.Trim(), row.Number<DateOnly>(8)), cancellation);
        var counts = (await ListAsync(reader, row => Enumerable.Range(0, 6).Select(row.GetInt64).ToArray(), cancellation))[0];
        var gaps = await ListAsync(reader, row => new FailedGap(
            row.GetInt64(0), row.GetString(1), row.GetFieldValue<DateOnly>(2), row.GetFieldValue<DateOnly>(3), row.Value<string>(4)), cancellation);
        var connections = await ListAsync(reader, row => new BrokenConnection(
            row.GetString(0), row.GetString(1), row.Value<string>(2), row.GetString(3), row.Value<string>(4), row.GetFieldValue<DateTimeOffset>(5)), cancellation);
        var consents = await ListAsync(reader, row => new EndingConsent(row.GetString(0), row.GetString(1), row.Value<string>(2), row.Time(3)), cancellation);
        var operations = await ListAsync(reader, row => new FailedOperation(row.GetInt64(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.Value<string>(3)), cancellation);
        var jobs = await ListAsync(reader, row => new FailedJob(row.GetString(0), row.GetFieldValue<DateTimeOffset>(1), row.Value<string>(2)), cancellation);
        var traffic = (await ListAsync(reader, row => new Traffic(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), Seconds(row.Number<double>(4)), Seconds((double?)row.Number<decimal>(5)), counts[5]), cancellation))[0];
        return new OverviewModel(feeds, unproved, proofs, new Waiting(
            counts[0], counts[1], counts[2], counts[3], gaps, counts[4], connections, consents, operations, jobs), traffic);
    }

    private static async Task<List<T>> ListAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(read(reader));
        await reader.NextResultAsync(cancellation);
        return rows;
    }

    // The clocks of two machines may differ by a hair.
    private static TimeSpan? Seconds(double? seconds) => seconds is { } some ? TimeSpan.FromSeconds(Math.Max(0, some)) : null;
}
