using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Operations;

/// <summary>The SQL of <c>operations</c>. Leases are measured by the database's clock, which is the same for all workers.</summary>
internal sealed class OperationStore(NpgsqlDataSource database, IDbContextFactory<LedgerDbContext> contexts, OperationSignal signal)
{
    private const string LeaseLength = "30 seconds";

    public async Task<Operation?> FindAsync(long id, CancellationToken cancellation)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellation);
        return await context.Operations.SingleOrDefaultAsync(operation => operation.Id == id, cancellation);
    }

    /// <summary>Asks for an operation.</summary>
    /// <returns>It; null when the same is asked for already and has not ended.</returns>
    public async Task<Operation?> AddAsync(string kind, string request, string? by, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        batch
            .Add("""
                INSERT INTO ledger.operations (kind, request, state, requested_at, requested_by) VALUES ($1, $2, 'queued', now(), $3)
                ON CONFLICT (kind, request) WHERE finished_at IS NULL DO NOTHING RETURNING id
                """)
            .With(kind).With(request, NpgsqlDbType.Jsonb).With(by);
        if (await batch.ExecuteScalarAsync(cancellation) is not long id)
            return null;
        signal.Wake(kind);
        // It is asked for, whether or not the caller still waits.
        return await FindAsync(id, CancellationToken.None);
    }

    /// <summary>Ends an operation: one that waits at once, one that runs at its next step.</summary>
    /// <returns>False when it has ended already, or there is none.</returns>
    public async Task<bool> CancelAsync(long id, string? by, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        batch
            .Add("""
                UPDATE ledger.operations SET cancelled_at = coalesce(cancelled_at, now()), cancelled_by = coalesce(cancelled_by, $2),
                    state = CASE state WHEN 'queued' THEN 'cancelled' ELSE state END, finished_at = CASE state WHEN 'queued' THEN now() END, doing = CASE state WHEN 'queued' THEN NULL ELSE doing END
                WHERE id = $1 AND finished_at IS NULL RETURNING id
                """)
            .With(id).With(by);
        return await batch.ExecuteScalarAsync(cancellation) is not null;
    }

    /// <summary>
    /// Takes the oldest operation of a kind that waits, or whose worker is gone. Of one kind one runs at a time, on all workers together: two backfills
    /// would share one budget of calls.
    /// </summary>
    public async Task<Operation?> ClaimAsync(string kind, string worker, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        long? id;
        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.Add("SELECT pg_advisory_xact_lock(hashtextextended('ledger.operations', 0))");
            batch
                .Add($"""
                    UPDATE ledger.operations SET state = 'running', worker = $1, lease = gen_random_uuid(), lease_until = clock_timestamp() + interval '{LeaseLength}',
                        claims = claims + 1, started_at = coalesce(started_at, clock_timestamp()), not_before = NULL
                    WHERE id = (
                        SELECT id FROM ledger.operations o
                        WHERE finished_at IS NULL AND kind = $2
                            AND ((state = 'queued' AND (not_before IS NULL OR not_before <= clock_timestamp())) OR (state = 'running' AND lease_until < clock_timestamp()))
                            AND NOT EXISTS (SELECT FROM ledger.operations other
                                WHERE other.kind = o.kind AND other.id <> o.id AND other.finished_at IS NULL AND other.state = 'running' AND other.lease_until >= clock_timestamp())
                        ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
                    RETURNING id
                    """)
                .With(worker).With(kind);
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            await reader.NextResultAsync(cancellation);
            id = await reader.ReadAsync(cancellation) ? reader.GetInt64(0) : null;
        }

        await transaction.CommitAsync(cancellation);
        return id is null ? null : await FindAsync(id.Value, cancellation);
    }

    /// <summary>Saves how far it is, and renews the lease.</summary>
    public Task<Hold> SaveAsync(Operation operation, Progress progress, CancellationToken cancellation) => UpdateAsync(operation, $"{Columns},", command => With(command, progress), cancellation);

    /// <summary>Gives it back, to be gone on with later or elsewhere.</summary>
    public Task<Hold> ReleaseAsync(Operation operation, Progress progress, DateTimeOffset? notBefore, CancellationToken cancellation) => UpdateAsync(
        operation,
        $"""
        {Columns}, state = CASE WHEN cancelled_at IS NULL THEN 'queued' ELSE 'cancelled' END, finished_at = CASE WHEN cancelled_at IS NOT NULL THEN clock_timestamp() END,
        lease = NULL, not_before = $9,
        """,
        command => With(command, progress).With(notBefore), cancellation);

    /// <summary>Ends it.</summary>
    public Task<Hold> FinishAsync(Operation operation, Progress progress, string state, CancellationToken cancellation) => UpdateAsync(
        operation, $"{Columns}, state = $9, finished_at = clock_timestamp(), lease = NULL,", command => With(command, progress with { Doing = null }).With(state), cancellation);

    private const string Columns = "progressed_at = clock_timestamp(), cursor = $3, total = $4, done = $5, counts = $6, doing = $7, error = $8";

    private static NpgsqlBatchCommand With(NpgsqlBatchCommand command, Progress progress) => command
        .With(progress.Cursor).With(progress.Total).With(progress.Done)
        .With(JsonSerializer.Serialize(progress.Counts, OperationJson.Default.IReadOnlyDictionaryStringInt64), NpgsqlDbType.Jsonb)
        .With(Ledger.Text.Clean(progress.Doing)).With(Ledger.Text.Clean(progress.Error));

    private async Task<Hold> UpdateAsync(Operation operation, string columns, Action<NpgsqlBatchCommand> with, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        var command = batch
            .Add($"""
                UPDATE ledger.operations SET {columns} lease_until = clock_timestamp() + interval '{LeaseLength}'
                WHERE id = $1 AND lease = $2 RETURNING cancelled_at IS NOT NULL
                """)
            .With(operation.Id).With(operation.Lease);
        with(command);
        return await batch.ExecuteScalarAsync(cancellation) switch
        {
            null => Hold.Lost,
            true => Hold.Cancelled,
            _ => Hold.Kept,
        };
    }
}

/// <summary>Whether a worker still has an operation.</summary>
internal enum Hold
{
    Kept,

    /// <summary>It has, and somebody asked that it end.</summary>
    Cancelled,

    /// <summary>Its lease ran out, and another worker took it or may.</summary>
    Lost,
}
