using Npgsql;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;

namespace Redbark.Sync.Worker.Runs;

/// <summary>The SQL of <c>sync_runs</c>: which chunks of a run came.</summary>
internal static class RunStore
{
    public static void Add(NpgsqlBatch batch, Delivery delivery, DateTimeOffset receivedAt, int rows)
    {
        if (delivery.Envelope is not { Run: { } run, Type: var type })
            return;

        var (feed, runId) = (Text.Clean(delivery.Feed), Text.Identity(run.RunId));
        type = Text.Clean(type);
        batch
            .Add("""
                INSERT INTO ledger.sync_runs AS r (feed, run_id, type, first_at, last_at, total_chunks) VALUES ($1, $2, $3, $4, $4, $5)
                ON CONFLICT (feed, run_id, type) DO UPDATE SET first_at = least(r.first_at, excluded.first_at),
                    last_at = greatest(r.last_at, excluded.last_at), total_chunks = greatest(r.total_chunks, excluded.total_chunks)
                """)
            .With(feed).With(runId).With(type).With(receivedAt).With(run.TotalChunks);
        if (run.Chunk is { } chunk)
        {
            batch
                .Add("""
                    INSERT INTO ledger.sync_run_chunks (feed, run_id, type, chunk, delivery_id, received_at, rows, new_count, updated_count)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING
                    """)
                .With(feed).With(runId).With(type).With(chunk).With(delivery.Id).With(receivedAt).With(rows).With(run.NewCount).With(run.UpdatedCount);
        }
    }
}
