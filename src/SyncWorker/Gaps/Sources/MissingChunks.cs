using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Gaps.Schema;

namespace Redbark.Sync.Worker.Gaps.Sources;

/// <summary>One event type of a sync run.</summary>
internal sealed record RunPart(string Feed, string RunId, string Type, DateTimeOffset FirstAt, DateTimeOffset LastAt, int? Total, int[] Missing)
{
    /// <summary>The key of its gap.</summary>
    public string Key => KeyOf(Feed, RunId, Type);

    public static string KeyOf(string feed, string runId, string type) => $"{feed}/{runId}/{type}";
}

/// <summary>Finds sync runs of which chunks did not come.</summary>
internal static class MissingChunks
{
    // A run that stayed incomplete for longer was found by an earlier look.
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(30);

    /// <summary>The recent runs that are incomplete, and those that gaps are open for, with what is missing of them now.</summary>
    public static async Task<List<RunPart>> ReadAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch
            .Add("""
                SELECT feed, run_id, type, first_at, last_at, total_chunks, missing_chunks FROM ledger.sync_run_progress
                WHERE (feed, run_id) IN (
                    SELECT feed, run_id FROM ledger.sync_runs WHERE last_at >= $1 AND NOT complete
                    UNION SELECT feed, run_id FROM ledger.gaps WHERE kind = $2 AND closed_at IS NULL)
                ORDER BY last_at, feed, run_id, type
                """)
            .With(now - LookBack).With(GapKind.MissingChunk);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var parts = new List<RunPart>();
        while (await reader.ReadAsync(cancellation))
        {
            parts.Add(new RunPart(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetFieldValue<DateTimeOffset>(4),
                reader.Number<int>(5), reader.GetFieldValue<int[]>(6)));
        }

        return [.. parts.GroupBy(part => (part.Feed, part.RunId)).SelectMany(run => AcrossTypes([.. run]))];
    }

    /// <summary>
    /// Whether chunks are counted for each event type or through all of a run is not documented (redbark 2.5). Where several types
    /// announce the same number and no number came twice, they are counted through.
    /// </summary>
    private static IEnumerable<RunPart> AcrossTypes(IReadOnlyList<RunPart> run)
    {
        if (run.Count == 1 || run.Any(part => part.Total is null || part.Total != run[0].Total))
            return run;
        var missing = run.Select(part => part.Missing.ToHashSet()).ToList();
        var total = Enumerable.Range(1, Math.Min(run[0].Total!.Value, 10_000)).ToList();
        if (total.Any(chunk => missing.Count(set => !set.Contains(chunk)) > 1))
            return run;
        int[] nowhere = [.. total.Where(chunk => missing.TrueForAll(set => set.Contains(chunk)))];
        // What is nowhere may be of any type.
        return run.Select(part => part with { Missing = nowhere });
    }

    /// <summary>The deliveries of a run's part that came, by their ids.</summary>
    public static async Task<List<Guid>> DeliveriesAsync(NpgsqlConnection connection, RunPart part, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("SELECT delivery_id FROM ledger.sync_run_chunks WHERE feed = $1 AND run_id = $2 AND type = $3 ORDER BY chunk, delivery_id")
            .With(part.Feed).With(part.RunId).With(part.Type);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(cancellation))
            ids.Add(reader.GetGuid(0));
        return ids;
    }

    /// <summary>The first day that deliveries before the run told of, when there were any: the destination may have a start date (redbark 3.4).</summary>
    public static async Task<DateOnly?> FirstDayBeforeAsync(NpgsqlConnection connection, RunPart part, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        var (table, day) = part.Type == Wire.EventTypes.TradesSynced ? ("trades", "traded_on") : ("transactions", "booked_on");
        batch
            .Add($"""
                SELECT CASE WHEN EXISTS (SELECT FROM ledger.deliveries WHERE feed = $1 AND event_type = $2 AND received_at < $3 AND status = 'applied')
                    THEN (SELECT min({day}) FROM ledger.accounts a
                        CROSS JOIN LATERAL (SELECT min({day}) AS {day} FROM ledger.{table} t WHERE t.account_id = a.id) t) END
                """)
            .With(part.Feed).With(part.Type).With(part.FirstAt);
        return await batch.ExecuteScalarAsync(cancellation) is DateOnly first ? first : null;
    }
}
