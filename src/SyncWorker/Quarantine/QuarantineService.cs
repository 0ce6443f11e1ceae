using Microsoft.EntityFrameworkCore;
using Npgsql;
using Redbark.Sync.Worker.Archive;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Replay;

namespace Redbark.Sync.Worker.Quarantine;

/// <summary>What became of a request about a quarantined row.</summary>
public enum QuarantineResult
{
    /// <summary>There is no such row.</summary>
    NotFound,

    /// <summary>It is not open (any more).</summary>
    NotOpen,

    /// <summary>It still cannot be applied.</summary>
    StillOpen,

    /// <summary>It is in the ledger.</summary>
    Applied,

    /// <summary>It is dropped.</summary>
    Dropped,
}

/// <summary>What people can do with a quarantined row.</summary>
public sealed class QuarantineService
{
    private readonly NpgsqlDataSource _database;
    private readonly IDbContextFactory<LedgerDbContext> _contexts;
    private readonly Replayer _replayer;
    private readonly TimeProvider _clock;

    internal QuarantineService(NpgsqlDataSource database, IDbContextFactory<LedgerDbContext> contexts, Replayer replayer, TimeProvider clock) =>
        (_database, _contexts, _replayer, _clock) = (database, contexts, replayer, clock);

    /// <summary>Reads the row's delivery again, by the code of today.</summary>
    public async Task<QuarantineResult> RetryAsync(long id, CancellationToken cancellation)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        var item = await context.Quarantine.Where(row => row.Id == id).Select(row => new { row.State, row.DeliveryId }).SingleOrDefaultAsync(cancellation);
        if (item is null)
            return QuarantineResult.NotFound;
        if (item.State != "open")
            return QuarantineResult.NotOpen;

        await _replayer.ReplayAsync(item.DeliveryId, cancellation);
        var state = await context.Quarantine.Where(row => row.Id == id).Select(row => row.State).SingleAsync(cancellation);
        return state == "open" ? QuarantineResult.StillOpen : QuarantineResult.Applied;
    }

    /// <summary>Decides that a row is not wanted. It is counted as ignored, and does not come back.</summary>
    /// <param name="id">The quarantined row.</param>
    /// <param name="note">Why.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<QuarantineResult> DropAsync(long id, string? note, CancellationToken cancellation)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var drop = new NpgsqlBatch(connection);
        drop
            .Add("UPDATE ledger.quarantine SET state = 'dropped', note = $2, resolved_at = $3 WHERE id = $1 AND state = 'open' RETURNING delivery_received_at, delivery_id")
            .With(id).With(Text.Clean(note)).With(_clock.GetUtcNow());
        (DateTimeOffset ReceivedAt, Guid Id) origin;
        await using (var reader = await drop.ExecuteReaderAsync(cancellation))
        {
            if (!await reader.ReadAsync(cancellation))
                return await ExistsAsync(id, cancellation) ? QuarantineResult.NotOpen : QuarantineResult.NotFound;
            origin = (reader.GetFieldValue<DateTimeOffset>(0), reader.GetGuid(1));
        }

        if (await DeliveryArchive.LockAsync(connection, origin.ReceivedAt, origin.Id, cancellation) is { } record)
        {
            record.Counts.Release(RowFate.Ignored, IgnoredReason.Dropped);
            await using var recount = new NpgsqlBatch(connection);
            DeliveryArchive.AddRecount(recount, record);
            await recount.ExecuteAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return QuarantineResult.Dropped;
    }

    private async Task<bool> ExistsAsync(long id, CancellationToken cancellation)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Quarantine.AnyAsync(row => row.Id == id, cancellation);
    }
}
