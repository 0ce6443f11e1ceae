using Microsoft.EntityFrameworkCore;
using Npgsql;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Archive;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Quarantine.Decisions;
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

    /// <summary>What was decided about it is taken back; it is open again.</summary>
    Reopened,

    /// <summary>That cannot be done with this row.</summary>
    Refused,
}

/// <summary>What people can do with a quarantined row.</summary>
public sealed class QuarantineService
{
    private readonly NpgsqlDataSource _database;
    private readonly IDbContextFactory<LedgerDbContext> _contexts;
    private readonly Replayer _replayer;
    private readonly PostgresLedger _ledger;
    private readonly CorrectionUndo _undo;
    private readonly TimeProvider _clock;

    internal QuarantineService(
        NpgsqlDataSource database, IDbContextFactory<LedgerDbContext> contexts, Replayer replayer, PostgresLedger ledger, CorrectionUndo undo, TimeProvider clock) =>
        (_database, _contexts, _replayer, _ledger, _undo, _clock) = (database, contexts, replayer, ledger, undo, clock);

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

    /// <summary>
    /// Says what a row should have said. It is read as any row is; when it can be used, the row as it was sent is read as this from now on,
    /// also when it is sent again and when the ledger is built anew.
    /// </summary>
    internal async Task<QuarantineAnswer> EditAsync(long id, string json, string? note, string? by, CancellationToken cancellation)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        if (await context.Quarantine.SingleOrDefaultAsync(row => row.Id == id, cancellation) is not { } item)
            return QuarantineResult.NotFound;
        if (item.State != "open")
            return QuarantineResult.NotOpen;
        if (await _replayer.ReadAsync(item.DeliveryId, cancellation) is not { } intake)
            return new QuarantineAnswer(QuarantineResult.Refused, "delivery_gone", "Its delivery is not in the archive any more.");

        var text = Text.Clean(json);
        var (row, refused) = Correction.Read(item, text, intake.Delivery.TimeZone);
        if (refused is null)
            refused = await Correction.PlaceAsync(context, item, row!, intake.Delivery.TimeZone, cancellation);
        if (refused is not null)
            return refused;

        var decision = Decide(item.RowHash, item.DeliveryId, item.RowIndex, note, by) with { CorrectedJson = text };
        try
        {
            await _ledger.ApplyAsync(intake with { Deciding = decision }, cancellation);
            return QuarantineResult.Applied;
        }
        catch (NotOpenException)
        {
            return QuarantineResult.NotOpen;
        }
    }

    /// <summary>Decides that a row is not wanted. It is counted as ignored, and does not come back.</summary>
    /// <param name="id">The quarantined row.</param>
    /// <param name="note">Why.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<QuarantineResult> DropAsync(long id, string? note, string? by, CancellationToken cancellation)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var drop = new NpgsqlBatch(connection);
        DecisionStore.AddLock(drop, alone: true);
        drop
            .Add("""
                UPDATE ledger.quarantine SET state = 'dropped', note = $2, resolved_at = $3 WHERE id = $1 AND state = 'open'
                RETURNING delivery_received_at, delivery_id, row_hash, row_index
                """)
            .With(id).With(Text.Clean(note)).With(_clock.GetUtcNow());
        DateTimeOffset receivedAt;
        RowDecision decision;
        await using (var reader = await drop.ExecuteReaderAsync(cancellation))
        {
            await reader.NextResultAsync(cancellation);
            if (!await reader.ReadAsync(cancellation))
                return await ExistsAsync(id, cancellation) ? QuarantineResult.NotOpen : QuarantineResult.NotFound;
            receivedAt = reader.GetFieldValue<DateTimeOffset>(0);
            decision = Decide(reader.GetGuid(2), reader.GetGuid(1), reader.GetInt32(3), note, by);
        }

        await using var keep = new NpgsqlBatch(connection);
        DecisionStore.AddSave(keep, decision);
        if (await DeliveryArchive.LockAsync(connection, receivedAt, decision.DeliveryId, cancellation) is { } record)
        {
            record.Counts.Release(RowFate.Ignored, IgnoredReason.Dropped);
            DeliveryArchive.AddRecount(keep, record);
        }

        await keep.ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return QuarantineResult.Dropped;
    }

    /// <summary>Takes a drop or an edit back: the row is open again, and what an edit brought into the ledger is out of it.</summary>
    internal async Task<QuarantineAnswer> UndoAsync(long id, CancellationToken cancellation)
    {
        var answer = await _undo.RunAsync(id, cancellation);
        if (answer.Result != QuarantineResult.Reopened)
            return answer;

        // One that only waited for its account's currency may enter by itself by now.
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        if (await context.Quarantine.AnyAsync(row => row.Id == id && row.AccountId != null, cancellation))
            await RetryAsync(id, cancellation);
        return answer;
    }

    private RowDecision Decide(Guid row, Guid delivery, int index, string? note, string? by) => new()
    {
        RowHash = row,
        DeliveryId = delivery,
        RowIndex = index,
        DecidedBy = Text.Clean(by),
        DecidedAt = _clock.GetUtcNow(),
        Note = Text.Clean(note),
    };

    private async Task<bool> ExistsAsync(long id, CancellationToken cancellation)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Quarantine.AnyAsync(row => row.Id == id, cancellation);
    }
}

/// <summary>What became of a request, and where it was refused, why.</summary>
internal sealed record QuarantineAnswer(QuarantineResult Result, string? Reason = null, string? Detail = null)
{
    public static implicit operator QuarantineAnswer(QuarantineResult result) => new(result);
}
