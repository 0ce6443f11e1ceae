using Npgsql;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Settlement;

namespace Redbark.Sync.Worker.Accounts;

/// <summary>
/// Makes two accounts one. Rows that both hold under one id are settled as two observations of one row are; the others move, which is
/// a change of theirs: they get a revision, and an event tells it.
/// </summary>
internal static class AccountMerge
{
    public static async Task RunAsync(NpgsqlConnection connection, AccountState kept, AccountState merged, AccountChange change, CancellationToken cancellation)
    {
        await using (var before = new NpgsqlBatch(connection))
        {
            OncePending.AddMove(before, kept.Id, merged.Id);
            await before.ExecuteAsync(cancellation);
        }

        await MoveAsync(connection, TransactionTable.Instance, kept.Id, merged.Id, change, cancellation);
        await MoveAsync(connection, TradeTable.Instance, kept.Id, merged.Id, change, cancellation);

        await using var batch = new NpgsqlBatch(connection);
        foreach (var table in (string[])["quarantine", "provider_accounts", "balances", "holdings", "gaps", "gap_reads"])
            batch.Add($"UPDATE ledger.{table} SET account_id = $1 WHERE account_id = $2").With(kept.Id).With(merged.Id);
        batch.Add("""
            UPDATE ledger.accounts k SET told = k.told OR m.told,
                first_seen_at = CASE WHEN NOT m.told THEN k.first_seen_at WHEN NOT k.told THEN m.first_seen_at ELSE least(k.first_seen_at, m.first_seen_at) END,
                last_delivery_at = CASE WHEN NOT m.told THEN k.last_delivery_at WHEN NOT k.told THEN m.last_delivery_at ELSE greatest(k.last_delivery_at, m.last_delivery_at) END
            FROM ledger.accounts m WHERE k.id = $1 AND m.id = $2
            """).With(kept.Id).With(merged.Id);
        batch.Add("DELETE FROM ledger.accounts WHERE id = $1").With(merged.Id);
        SettlementStore.AddMove(batch, kept.Id, merged.Id);
        batch.Add("INSERT INTO ledger.account_merges (merged_id, account_id, external_id, public_id, delivery_id, merged_at) VALUES ($1, $2, $3, $4, $5, $6)")
            .With(merged.Id).With(kept.Id).With(kept.ExternalId).With(kept.PublicId).With(change.DeliveryId).With(change.Now);
        await batch.ExecuteAsync(cancellation);
    }

    private static async Task MoveAsync<TRow>(
        NpgsqlConnection connection, RowTable<TRow> table, long kept, long merged, AccountChange change, CancellationToken cancellation)
    {
        var columns = string.Join(", ", table.Columns.Select(column => $"{column} = n.{column}"));
        const string both = "t.account_id = $1 AND n.account_id = $2 AND t.external_id = n.external_id";

        await using var batch = new NpgsqlBatch(connection);
        batch.Add($"UPDATE ledger.{table.Name} t SET observed_at = n.observed_at FROM ledger.{table.Name} n WHERE {both} AND t.content_hash = n.content_hash AND n.observed_at > t.observed_at")
            .With(kept).With(merged);
        batch.Add($"""
            UPDATE ledger.{table.Name} t SET {columns}, observed_at = n.observed_at, content_hash = n.content_hash, delivery_id = n.delivery_id,
                revision = t.revision + 1, recorded_at = $3
            FROM ledger.{table.Name} n WHERE {both} AND t.content_hash <> n.content_hash AND {table.Precedes}
            RETURNING t.id, t.revision
            """).With(kept).With(merged).With(change.Now);
        batch.Add($"DELETE FROM ledger.{table.Name} n USING ledger.{table.Name} t WHERE {both}").With(kept).With(merged);
        batch.Add($"UPDATE ledger.{table.Name} SET account_id = $1, revision = revision + 1, delivery_id = $3, recorded_at = $4 WHERE account_id = $2 RETURNING id, revision")
            .With(kept).With(merged).With(change.DeliveryId).With(change.Now);

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        do
        {
            while (await reader.ReadAsync(cancellation))
                change.Changes.Add(table.Name, reader.GetInt64(0), reader.GetInt32(1));
        }
        while (await reader.NextResultAsync(cancellation));
    }
}
