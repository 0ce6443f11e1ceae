using Npgsql;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Archive;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;

namespace Redbark.Sync.Worker.Quarantine.Decisions;

/// <summary>The row of the ledger that a correction is of.</summary>
internal sealed record StandingRow
{
    public required long Id { get; init; }
    public required int Revision { get; init; }
    public required string ExternalId { get; init; }
    public required Guid ContentHash { get; init; }

    /// <summary>The account, by all its names.</summary>
    public required (long Id, string? ExternalId, string? PublicId, string? Currency) Account { get; init; }

    /// <summary>Whether it says what the correction says.</summary>
    public required bool IsCorrection { get; init; }

    /// <summary>Whether the correction says pending.</summary>
    public required bool WasPending { get; init; }

    /// <summary>Finds it and keeps deliveries off its account; null when the ledger has no such row.</summary>
    public static async Task<StandingRow?> LockAsync<TRow>(NpgsqlConnection connection, DecidedItem item, RowTable<TRow> table, ContentHash hash, CancellationToken cancellation)
    {
        // The zone only matters for the content; which row it is follows from the text.
        var names = Read(item, table, "UTC", hash);
        if (await FindAsync(connection, names, table, cancellation) is not { } before)
            return null;
        await using (var batch = new NpgsqlBatch(connection))
        {
            Findings.AddNameLocks(batch, Names(before.Account.ExternalId), Names(before.Account.PublicId), alone: true, hash);
            await batch.ExecuteAsync(cancellation);
        }

        // Its accounts may have become one before the lock was there; the names of the kept one hold those that were locked.
        if (await FindAsync(connection, names, table, cancellation) is not { } row)
            return null;
        var corrected = Read(item, table, await ZoneAsync(connection, row.DeliveryId, cancellation), hash);
        return new StandingRow
        {
            Id = row.Id,
            Revision = row.Revision,
            ExternalId = names.ExternalId,
            ContentHash = row.ContentHash,
            Account = row.Account,
            IsCorrection = corrected.Precedence.ContentHash == row.ContentHash,
            WasPending = corrected is Observation<TransactionRow> { Row.Status: TransactionStatus.Pending },
        };
    }

    private static Observation<TRow> Read<TRow>(DecidedItem item, RowTable<TRow> table, string timeZone, ContentHash hash)
    {
        var read = DecidedRows.Read(item.CorrectedJson!, item.Kind, timeZone, item.RowIndex, item.Origin);
        return (Observation<TRow>)(Observation)(read switch
        {
            { Transaction: { } row } => TransactionTable.Instance.Observe(row with { Account = DecidedRows.OneId(row.Account) }, default, item.DeliveryId, hash),
            { Trade: { } row } => TradeTable.Instance.Observe(row with { Account = DecidedRows.OneId(row.Account) }, default, item.DeliveryId, hash),
            _ => throw new InvalidOperationException($"The correction of quarantine item {item.Id} is no longer read as a row: {read.Problem!.Detail}."),
        });
    }

    private static async Task<(long Id, int Revision, Guid ContentHash, Guid DeliveryId, (long Id, string? ExternalId, string? PublicId, string? Currency) Account)?> FindAsync<TRow>(
        NpgsqlConnection connection, Observation<TRow> row, RowTable<TRow> table, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch
            .Add($"""
                SELECT t.id, t.revision, t.content_hash, t.delivery_id, a.id, a.external_id, a.public_id, a.currency FROM ledger.accounts a JOIN ledger.{table.Name} t ON t.account_id = a.id
                WHERE (a.external_id = $1 OR $1 IS NULL AND a.public_id = $2) AND t.external_id = $3
                """)
            .With(row.Account.ExternalId).With(row.Account.PublicId).With(row.ExternalId);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? (reader.GetInt64(0), reader.GetInt32(1), reader.GetGuid(2), reader.GetGuid(3),
                (reader.GetInt64(4), reader.Value<string>(5), reader.Value<string>(6), reader.Value<string>(7)))
            : null;
    }

    private static async Task<string> ZoneAsync(NpgsqlConnection connection, Guid deliveryId, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("SELECT time_zone FROM ledger.deliveries WHERE id = $1 AND ($2 IS NULL OR received_at = $2)").With(deliveryId).With(DeliveryArchive.TimeOf(deliveryId));
        return await batch.ExecuteScalarAsync(cancellation) as string ?? "UTC";
    }

    private static IEnumerable<string> Names(string? name) => name is null ? [] : [name];
}
