using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;

namespace Redbark.Sync.Worker.Quarantine;

/// <summary>The SQL of <c>quarantine</c>.</summary>
internal static class QuarantineStore
{
    /// <summary>Adds the statement that takes rows in; it answers the positions of those that were not there yet.</summary>
    public static void AddInsert(NpgsqlBatch batch, IReadOnlyCollection<BadRow> rows, Guid deliveryId, DateTimeOffset receivedAt, DateTimeOffset now)
    {
        var sorted = rows.OrderBy(row => row.RowHash).ThenBy(row => row.Index).ToList();
        batch
            .Add("""
                INSERT INTO ledger.quarantine (delivery_id, delivery_received_at, created_at, row_index, origin, kind, reason, detail, external_id, account_id,
                    raw_json, parsed, observed_at, row_hash)
                SELECT $1, $2, $3, * FROM unnest($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
                ON CONFLICT (row_hash) WHERE state <> 'applied' DO NOTHING
                RETURNING row_index
                """)
            .With(deliveryId).With(receivedAt).With(now)
            .WithEach(sorted, row => row.Index, NpgsqlDbType.Integer)
            .WithEach(sorted, row => row.Origin == RowOrigin.New ? "new" : "updated", NpgsqlDbType.Text)
            .WithEach(sorted, row => row.Kind, NpgsqlDbType.Text)
            .WithEach(sorted, row => row.Reason, NpgsqlDbType.Text)
            .WithEach(sorted, row => row.Detail, NpgsqlDbType.Text)
            .WithEach(sorted, row => row.ExternalId, NpgsqlDbType.Text)
            .WithEach(sorted, row => row.AccountId, NpgsqlDbType.Bigint)
            .WithEach(sorted, row => row.RawJson, NpgsqlDbType.Text)
            .WithEach(sorted, row => row.Parsed, NpgsqlDbType.Text)
            .WithEach(sorted, row => row.ObservedAt?.UtcDateTime, NpgsqlDbType.TimestampTz)
            .WithEach(sorted, row => row.RowHash, NpgsqlDbType.Uuid);
    }

    /// <summary>Adds the statement that takes rows out, because they were applied or turned out to be needless.</summary>
    public static void AddResolve(NpgsqlBatch batch, IReadOnlyCollection<long> ids, string note, DateTimeOffset now) => batch
        .Add("UPDATE ledger.quarantine SET state = 'applied', note = $2, resolved_at = $3 WHERE id = ANY ($1) AND state = 'open'")
        .With(ids.Order().ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint).With(note).With(now);

    /// <summary>The rows that wait for the currency of an account.</summary>
    public static async Task<List<WaitingRow>> WaitingAsync(NpgsqlConnection connection, IReadOnlyList<long> accounts, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch
            .Add("SELECT id, delivery_id, delivery_received_at, kind, parsed, observed_at FROM ledger.quarantine WHERE state = 'open' AND account_id = ANY ($1) ORDER BY id FOR UPDATE")
            .WithEach(accounts, id => id, NpgsqlDbType.Bigint);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var rows = new List<WaitingRow>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(new WaitingRow(reader.GetInt64(0), reader.GetGuid(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetString(3), reader.GetString(4),
                reader.GetFieldValue<DateTimeOffset>(5)));
        }

        return rows;
    }

    /// <summary>What lies in quarantine of one delivery: row position to item and state.</summary>
    public static void AddOfDelivery(NpgsqlBatch batch, Guid deliveryId) => batch
        .Add("SELECT row_index, id, state FROM ledger.quarantine WHERE delivery_id = $1 AND state <> 'applied' ORDER BY id FOR UPDATE").With(deliveryId);
}

/// <summary>A row that waits for its account's currency.</summary>
internal sealed record WaitingRow(long Id, Guid DeliveryId, DateTimeOffset DeliveryReceivedAt, string Kind, string Parsed, DateTimeOffset ObservedAt);
