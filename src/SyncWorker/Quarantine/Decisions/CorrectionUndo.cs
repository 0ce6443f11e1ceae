using Npgsql;
using Redbark.Sync.Worker.Accounts;
using Redbark.Sync.Worker.Accounts.Keeping;
using Redbark.Sync.Worker.Archive;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Outbox;

namespace Redbark.Sync.Worker.Quarantine.Decisions;

/// <summary>
/// Takes a decision about a row back. The ledger becomes what it would be without it, also where deliveries told of the same row since:
/// what they say is looked up in the archive again.
/// </summary>
internal sealed class CorrectionUndo(NpgsqlDataSource database, FormerVersions former, OutboxSignal outbox, AccountSignal accounts, TimeProvider clock)
{
    public async Task<QuarantineAnswer> RunAsync(long id, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await DecidedItem.LockAsync(connection, id, cancellation) is not { } item)
            return QuarantineResult.NotFound;

        var changes = new LedgerChanges();
        await using var batch = new NpgsqlBatch(connection);
        switch (item)
        {
            case { State: "open" }:
                return Refuse("quarantine_item_open", $"Quarantine item {id} is open: there is nothing to take back.");
            case { State: "applied", Fate: null } or { State: "applied", CorrectedJson: null }:
                return Refuse("quarantine_item_not_edited", $"Quarantine item {id} entered the ledger as it was sent; only an edit or a drop can be taken back.");
            case { State: "applied" }:
                if (await TakeOutAsync(connection, batch, item, changes, cancellation) is { } refused)
                    return refused;
                break;
        }

        DecisionStore.AddRemove(batch, item.RowHash);
        await ReopenAsync(connection, batch, item, cancellation);
        changes.AddEntries(batch, clock.GetUtcNow());
        await batch.ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        outbox.Wake();
        accounts.Wake();
        return QuarantineResult.Reopened;
    }

    private Task<QuarantineAnswer?> TakeOutAsync(NpgsqlConnection connection, NpgsqlBatch batch, DecidedItem item, LedgerChanges changes, CancellationToken cancellation) =>
        item.Kind == TradeTable.Instance.Kind
            ? TakeOutAsync(connection, batch, item, TradeTable.Instance, changes, cancellation)
            : TakeOutAsync(connection, batch, item, TransactionTable.Instance, changes, cancellation);

    private async Task<QuarantineAnswer?> TakeOutAsync<TRow>(
        NpgsqlConnection connection, NpgsqlBatch batch, DecidedItem item, RowTable<TRow> table, LedgerChanges changes, CancellationToken cancellation)
    {
        var hash = new ContentHash();
        if (await StandingRow.LockAsync(connection, item, table, hash, cancellation) is not { } standing)
            return null;
        if (!standing.IsCorrection)
        {
            // That a row was pending once is remembered for ever, and cannot be told from what a delivery may have said.
            return standing.WasPending
                ? Refuse("correction_was_pending", "The correction said pending, and a later delivery has posted the row since. The ledger shows what the bank posted; there is nothing left to take back.")
                : null;
        }

        var found = await former.FindAsync(connection, item, table, standing, hash, cancellation);
        if (found.Refused is { } refused)
            return refused;
        if (found.Best is { } best)
            await WriteAsync(connection, table, standing, best, changes, cancellation);
        else
            Remove(batch, table, standing);
        AccountChanges.Add(batch, [standing.Account.Id]);
        return null;
    }

    /// <summary>Lets what is there lose to what takes its place.</summary>
    private async Task WriteAsync<TRow>(
        NpgsqlConnection connection, RowTable<TRow> table, StandingRow standing, Observation<TRow> best, LedgerChanges changes, CancellationToken cancellation)
    {
        var set = new RowSet<TRow>(table, [best]);
        await using var write = new NpgsqlBatch(connection);
        write.Add($"UPDATE ledger.{table.Name} SET observed_at = '-infinity' WHERE id = $1").With(standing.Id);
        set.AddUpsert(write, clock.GetUtcNow());
        // The same content is another delivery's word now.
        write.Add($"UPDATE ledger.{table.Name} SET delivery_id = $2 WHERE id = $1").With(standing.Id).With(best.DeliveryId);
        await using var reader = await write.ExecuteReaderAsync(cancellation);
        await set.ReadUpsertedAsync(reader, changes, cancellation);
    }

    private void Remove<TRow>(NpgsqlBatch batch, RowTable<TRow> table, StandingRow standing)
    {
        var now = clock.GetUtcNow();
        batch.Add($"DELETE FROM ledger.{table.Name} WHERE id = $1").With(standing.Id);
        batch.Add("DELETE FROM ledger.once_pending WHERE account_id = $1 AND external_id = $2 AND $3 = 'transactions'")
            .With(standing.Account.Id).With(standing.ExternalId).With(table.Name);
        // An account of which nothing but corrections ever told goes with the last of them.
        batch
            .Add("""
                DELETE FROM ledger.accounts a WHERE id = $1 AND NOT told
                    AND NOT EXISTS (SELECT FROM ledger.transactions WHERE account_id = a.id) AND NOT EXISTS (SELECT FROM ledger.trades WHERE account_id = a.id)
                    AND NOT EXISTS (SELECT FROM ledger.provider_accounts WHERE account_id = a.id) AND NOT EXISTS (SELECT FROM ledger.quarantine WHERE account_id = a.id)
                """)
            .With(standing.Account.Id);
        Announcements.Add(batch, new Contracts.EntryRemoved(
            Guid.CreateVersion7(now), now, table.Kind, standing.Id, standing.Account.Id, standing.ExternalId, standing.Revision), now);
    }

    /// <summary>Opens the item again; others of the same row, which the decision let in by itself, are counted as repetitions of it.</summary>
    private static async Task ReopenAsync(NpgsqlConnection connection, NpgsqlBatch batch, DecidedItem item, CancellationToken cancellation)
    {
        var others = await item.OthersAsync(connection, cancellation);
        batch.Add("DELETE FROM ledger.quarantine WHERE row_hash = $1 AND id <> $2 AND fate IS NOT NULL").With(item.RowHash).With(item.Id);
        batch
            .Add("UPDATE ledger.quarantine SET state = 'open', note = NULL, fate = NULL, resolved_at = NULL, seen_at = $2 WHERE id = $1")
            .With(item.Id).With(others.Append(item).Max(row => row.SeenAt));

        foreach (var rows in others.Append(item).GroupBy(row => (row.ReceivedAt, row.DeliveryId)).OrderBy(rows => rows.Key))
        {
            if (await DeliveryArchive.LockAsync(connection, rows.Key.ReceivedAt, rows.Key.DeliveryId, cancellation) is not { } record)
                continue;
            foreach (var row in rows)
                record.Counts.TakeBack(row.CountedAs.Fate, row.CountedAs.Reason, already: row.Id != item.Id);
            DeliveryArchive.AddRecount(batch, record);
        }
    }

    private static QuarantineAnswer Refuse(string reason, string detail) => new(QuarantineResult.Refused, reason, detail);
}
