using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Archive;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Replay;

/// <summary>Applies what the archive holds again, by the code of today, through the same ledger.</summary>
public sealed class Replayer
{
    private readonly PostgresLedger _ledger;
    private readonly DatabaseReadiness _readiness;
    private readonly IDbContextFactory<LedgerDbContext> _contexts;

    internal Replayer(PostgresLedger ledger, DatabaseReadiness readiness, IDbContextFactory<LedgerDbContext> contexts) =>
        (_ledger, _readiness, _contexts) = (ledger, readiness, contexts);

    /// <summary>
    /// Applies a delivery again. Rows that have become usable leave quarantine; a parked delivery becomes applied; what is in the ledger
    /// already stays as it is.
    /// </summary>
    /// <returns>What came of it, or null when the archive has no such delivery.</returns>
    public Task<ApplyOutcome?> ReplayAsync(Guid deliveryId, CancellationToken cancellation) => ReplayAsync(deliveryId, IntakeMode.Replay, cancellation);

    /// <summary>How the ledger as it is now takes the archive in: into one without accounts it is a rebuild, and rows are counted anew.</summary>
    internal async Task<IntakeMode> ModeAsync(CancellationToken cancellation)
    {
        await _readiness.WaitAsync(cancellation);
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        return await context.Accounts.AnyAsync(cancellation) ? IntakeMode.Replay : IntakeMode.Rebuild;
    }

    internal async Task<ApplyOutcome?> ReplayAsync(Guid deliveryId, IntakeMode mode, CancellationToken cancellation)
    {
        await _readiness.WaitAsync(cancellation);
        return await ReadAsync(deliveryId, cancellation) is { } intake ? await _ledger.ApplyAsync(intake with { Mode = mode }, cancellation) : null;
    }

    /// <summary>Reads a delivery out of the archive, by the code of today; null when it is not there.</summary>
    /// <exception cref="InvalidOperationException">Its body is that of a delivery that is gone.</exception>
    internal async Task<Intake?> ReadAsync(Guid deliveryId, CancellationToken cancellation) =>
        await DeliveryAsync(deliveryId, cancellation) is { } delivery
            ? Intake.Of(DeliveryReader.Read(delivery, BodyStore.Unpack(delivery.Body))) with { Mode = IntakeMode.Replay }
            : null;

    private async Task<Delivery?> DeliveryAsync(Guid id, CancellationToken cancellation)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellation);
        if (await ArchiveQueries.FindAsync(context, id, cancellation) is not { } archived)
            return null;
        return ArchivedMessage.Of(archived, await ArchiveQueries.BodyAsync(context, archived, cancellation));
    }
}
