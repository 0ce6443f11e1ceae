using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Gaps.Sources;
using Redbark.Sync.Worker.Gaps.Reading;
using Redbark.Sync.Worker.Gaps.Schema;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Outbox;

namespace Redbark.Sync.Worker.Gaps.Store;

/// <summary>The SQL of <c>gaps</c> and <c>gap_reads</c>.</summary>
internal sealed class GapStore(NpgsqlDataSource database, IDbContextFactory<LedgerDbContext> contexts, OutboxSignal outbox, GapMetrics metrics, TimeProvider clock)
{
    /// <summary>The gaps of a kind by their key.</summary>
    public async Task<Dictionary<string, Gap>> RecordedAsync(string kind, CancellationToken cancellation)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellation);
        return await context.Gaps.Where(gap => gap.Kind == kind).ToDictionaryAsync(gap => gap.Key, cancellation);
    }

    /// <summary>What is not closed, the oldest first.</summary>
    public async Task<List<Gap>> OpenAsync(CancellationToken cancellation)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellation);
        return await context.Gaps.Where(gap => gap.ClosedAt == null).OrderBy(gap => gap.Id).ToListAsync(cancellation);
    }

    public async Task<Gap?> FindAsync(long id, CancellationToken cancellation)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellation);
        return await context.Gaps.SingleOrDefaultAsync(gap => gap.Id == id, cancellation);
    }

    public async Task<List<GapRead>> ReadsAsync(long id, CancellationToken cancellation)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellation);
        return await context.GapReads.Where(read => read.GapId == id).OrderBy(read => read.Id).ToListAsync(cancellation);
    }

    /// <summary>Records a gap and tells of it once; one that was closed opens again when more came since, and is still incomplete.</summary>
    /// <returns>Whether it is new.</returns>
    public async Task<bool> RecordAsync(FoundGap found, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await UpsertAsync(connection, found, now, cancellation) is not { } id)
        {
            await transaction.CommitAsync(cancellation);
            return false;
        }

        await using var batch = new NpgsqlBatch(connection);
        Announcements.Add(batch, new GapDetected(
            Guid.CreateVersion7(now), now, id, found.Kind, found.AccountId, found.Feed, found.RunId, found.MissingChunks, found.From, found.To), now);
        await batch.ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        metrics.Found(found.Kind);
        outbox.Wake();
        return true;
    }

    public async Task StartAsync(Gap gap, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("UPDATE ledger.gaps SET state = $2, attempts = attempts + 1 WHERE id = $1").With(gap.Id).With(GapState.Healing);
        await batch.ExecuteAsync(cancellation);
    }

    /// <summary>Keeps what one account's read brought.</summary>
    public async Task SaveAsync(Gap gap, AccountHealing healing, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch
            .Add("""
                INSERT INTO ledger.gap_reads (gap_id, provider_account_id, account_id, from_day, to_day, days, counts, read_at, not_older_than, rows, applied,
                    delivery_ids, truncated_days, unusable)
                VALUES ($1, $2, $3, $4, $5, $13, $14, $6, $7, $8, $9, $10, $11, $12)
                """)
            .With(gap.Id).With(healing.Target.ProviderAccountId).With(healing.Target.AccountId).With(gap.FromDay, NpgsqlDbType.Date).With(gap.ToDay, NpgsqlDbType.Date)
            .With(clock.GetUtcNow()).With(healing.NotOlderThan).With(healing.Rows).With(healing.Applied)
            .WithEach(healing.Deliveries, id => id, NpgsqlDbType.Uuid).WithEach(healing.TruncatedDays, day => day, NpgsqlDbType.Date)
            .With(System.Text.Json.JsonSerializer.Serialize(healing.Unusable, Ledger.LedgerJson.Default.DictionaryStringInt32), NpgsqlDbType.Jsonb)
            .With(healing.Days).With(healing.Counts);
        batch.Add("UPDATE ledger.gaps SET rows_read = rows_read + $2 WHERE id = $1").With(gap.Id).With(healing.Rows);
        AddApplied(batch, gap);
        await batch.ExecuteAsync(cancellation);
        metrics.Applied(gap.Kind, healing.Applied);
    }

    /// <summary>Leaves a gap for later.</summary>
    /// <param name="gap">The gap.</param>
    /// <param name="state">One of <see cref="GapState"/>.</param>
    /// <param name="notBefore">When it is read again.</param>
    /// <param name="error">Why it could not be read.</param>
    /// <param name="note">What else there is to say.</param>
    /// <param name="asOf">Only data from after that will prove anything; null leaves it.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task PostponeAsync(Gap gap, string state, DateTimeOffset notBefore, string? error, string? note, DateTimeOffset? asOf, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("UPDATE ledger.gaps SET state = $2, not_before = $3, last_error = $4, note = $5, as_of = greatest(as_of, $6) WHERE id = $1 AND closed_at IS NULL")
            .With(gap.Id).With(state).With(notBefore).With(error).With(note).With(asOf);
        await batch.ExecuteAsync(cancellation);
    }

    /// <summary>Says why gaps wait, without counting an attempt.</summary>
    public async Task NoteAsync(string note, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("UPDATE ledger.gaps SET note = $1 WHERE closed_at IS NULL").With(note);
        await batch.ExecuteAsync(cancellation);
    }

    /// <summary>Makes a gap due now, to be read anew; one that was closed without rows opens again.</summary>
    /// <returns>False when it is healed, or is being read.</returns>
    public async Task<bool> RetryAsync(long id, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("UPDATE ledger.gaps SET state = $2, not_before = NULL, closed_at = NULL, as_of = greatest(as_of, $3) WHERE id = $1 AND state NOT IN ($4, $5) RETURNING id")
            .With(id).With(GapState.Open).With(clock.GetUtcNow()).With(GapState.Healing).With(GapState.Healed);
        return await batch.ExecuteScalarAsync(cancellation) is not null;
    }

    /// <summary>Closes a gap, unless it has moved on since it was read; healing is told once.</summary>
    public async Task<bool> CloseAsync(Gap gap, string state, string? note, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        int applied;
        await using (var batch = new NpgsqlBatch(connection))
        {
            batch
                .Add("""
                    UPDATE ledger.gaps SET state = $3, closed_at = $4, not_before = NULL, last_error = NULL, note = $5
                    WHERE id = $1 AND as_of = $2 AND closed_at IS NULL RETURNING rows_applied
                    """)
                .With(gap.Id).With(gap.AsOf).With(state).With(now).With(note);
            if (await batch.ExecuteScalarAsync(cancellation) is not int rows)
                return false;
            applied = rows;
        }

        if (state == GapState.Healed)
        {
            await using var batch = new NpgsqlBatch(connection);
            Announcements.Add(batch, new GapHealed(Guid.CreateVersion7(now), now, gap.Id, gap.Kind, gap.AccountId, applied, now - gap.OpenedAt), now);
            await batch.ExecuteAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
        metrics.Closed(gap.Kind, state, now - gap.OpenedAt);
        outbox.Wake();
        return true;
    }

    // Counted where it cannot get lost: a worker may end between the ledger's commit and this.
    private static void AddApplied(NpgsqlBatch batch, Gap gap) => batch
        .Add("""
            UPDATE ledger.gaps SET rows_applied = (SELECT coalesce(sum(applied), 0)::int - rows_before FROM ledger.deliveries
                WHERE feed = $2 AND received_at >= $3 AND headers ->> $4 = $5)
            WHERE id = $1
            """)
        .With(gap.Id).With(RestDelivery.Feed).With(gap.DetectedAt.AddMinutes(-1)).With(RestDelivery.OriginHeader).With(RestDelivery.OriginOf(gap));

    private static async Task<long?> UpsertAsync(NpgsqlConnection connection, FoundGap found, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch
            .Add("""
                INSERT INTO ledger.gaps AS g (kind, key, account_id, feed, run_id, type, missing_chunks, from_day, to_day, amount, as_of, detected_at, opened_at, state,
                    attempts, rows_read, rows_applied, rows_before)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, 'open', 0, 0, 0, 0)
                ON CONFLICT (kind, key) DO UPDATE SET missing_chunks = excluded.missing_chunks, from_day = least(g.from_day, excluded.from_day),
                    to_day = greatest(g.to_day, excluded.to_day), as_of = greatest(g.as_of, excluded.as_of), amount = excluded.amount, state = 'open', not_before = NULL,
                    opened_at = CASE WHEN g.closed_at IS NULL THEN g.opened_at ELSE excluded.opened_at END,
                    rows_read = CASE WHEN g.closed_at IS NULL THEN g.rows_read ELSE 0 END, rows_applied = CASE WHEN g.closed_at IS NULL THEN g.rows_applied ELSE 0 END,
                    rows_before = g.rows_before + CASE WHEN g.closed_at IS NULL THEN 0 ELSE g.rows_applied END,
                    closed_at = NULL
                WHERE g.as_of < excluded.as_of OR g.from_day > excluded.from_day OR g.to_day < excluded.to_day
                RETURNING id, xmax = 0
                """)
            .With(found.Kind).With(found.Key).With(found.AccountId).With(found.Feed).With(found.RunId).With(found.Type)
            .WithEach(found.MissingChunks, chunk => chunk, NpgsqlDbType.Integer).With(found.From, NpgsqlDbType.Date).With(found.To, NpgsqlDbType.Date)
            .With(found.Amount).With(found.AsOf).With(now);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) && reader.GetBoolean(1) ? reader.GetInt64(0) : null;
    }
}
