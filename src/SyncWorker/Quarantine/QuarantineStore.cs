using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Quarantine.Decisions;

namespace Redbark.Sync.Worker.Quarantine;

/// <summary>The SQL of <c>quarantine</c>.</summary>
internal static class QuarantineStore
{
    /// <summary>Adds the statement that takes rows in; it answers the positions of those that were not there yet.</summary>
    /// <param name="batch">Takes the statement.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="deliveryId">Their delivery.</param>
    /// <param name="receivedAt">When it was received.</param>
    /// <param name="seenAt">When it was observed.</param>
    /// <param name="now">The time of recording.</param>
    public static void AddInsert(
        NpgsqlBatch batch, IReadOnlyCollection<BadRow> rows, Guid deliveryId, DateTimeOffset receivedAt, DateTimeOffset seenAt, DateTimeOffset now)
    {
        var sorted = rows.OrderBy(row => row.RowHash).ThenBy(row => row.Index).ToList();
        batch
            .Add("""
                INSERT INTO ledger.quarantine (delivery_id, delivery_received_at, created_at, seen_at, row_index, origin, kind, reason, detail, external_id,
                    account_id, raw_json, parsed, observed_at, row_hash, state, note, resolved_at)
                SELECT $1, $2, $3, $4, * FROM unnest($5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
                ON CONFLICT (row_hash) WHERE state <> 'applied' DO NOTHING
                RETURNING row_index
                """)
            .With(deliveryId).With(receivedAt).With(now).With(seenAt)
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
            .WithEach(sorted, row => row.RowHash, NpgsqlDbType.Uuid)
            .WithEach(sorted, row => row.Dropped is null ? "open" : "dropped", NpgsqlDbType.Text)
            .WithEach(sorted, row => row.Dropped?.Note, NpgsqlDbType.Text)
            .WithEach(sorted, row => row.Dropped?.DecidedAt.UtcDateTime, NpgsqlDbType.TimestampTz);
    }

    /// <summary>
    /// Adds the statement that notes that rows were said again, by a delivery observed then: a correction speaks for the newest. It
    /// follows <see cref="AddInsert"/>, which waits for who takes in the same.
    /// </summary>
    public static void AddSeen(NpgsqlBatch batch, IReadOnlyCollection<BadRow> rows, DateTimeOffset seenAt) => batch
        .Add("""
            UPDATE ledger.quarantine q SET seen_at = $2
            FROM (SELECT id FROM ledger.quarantine WHERE row_hash = ANY ($1) AND state <> 'applied' AND (seen_at IS NULL OR seen_at < $2) ORDER BY row_hash FOR UPDATE) r
            WHERE q.id = r.id
            """)
        .With(rows.Select(row => row.RowHash).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid).With(seenAt);

    /// <summary>Adds the statement that keeps rows that entered by a correction from the start, so that it can be seen and undone.</summary>
    public static void AddCorrected(NpgsqlBatch batch, IReadOnlyCollection<CorrectedRow> rows, Guid deliveryId, DateTimeOffset receivedAt, DateTimeOffset seenAt, DateTimeOffset now)
    {
        var list = rows.OrderBy(row => row.Index).ToList();
        batch
            .Add("""
                INSERT INTO ledger.quarantine (delivery_id, delivery_received_at, created_at, seen_at, resolved_at, row_index, origin, kind, reason, detail, external_id,
                    raw_json, row_hash, state, note, fate)
                SELECT $1, $2, $3, $4, r.at, r.row_index, r.origin, r.kind, r.reason, r.detail, r.external_id, r.raw_json, r.row_hash, 'applied', r.note, r.fate
                FROM unnest($5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) AS r (at, row_index, origin, kind, reason, detail, external_id, raw_json, row_hash, note, fate)
                WHERE NOT EXISTS (SELECT FROM ledger.quarantine q WHERE q.delivery_id = $1 AND q.row_index = r.row_index AND q.fate IS NOT NULL)
                """)
            .With(deliveryId).With(receivedAt).With(now).With(seenAt)
            .WithEach(list, row => row.Decision.DecidedAt.UtcDateTime, NpgsqlDbType.TimestampTz)
            .WithEach(list, row => row.Index, NpgsqlDbType.Integer)
            .WithEach(list, row => row.Origin == RowOrigin.New ? "new" : "updated", NpgsqlDbType.Text)
            .WithEach(list, row => row.Kind, NpgsqlDbType.Text)
            .WithEach(list, row => row.Reason, NpgsqlDbType.Text)
            .WithEach(list, row => row.Detail, NpgsqlDbType.Text)
            .WithEach(list, row => row.ExternalId, NpgsqlDbType.Text)
            .WithEach(list, row => row.RawJson, NpgsqlDbType.Text)
            .WithEach(list, row => row.Decision.RowHash, NpgsqlDbType.Uuid)
            .WithEach(list, row => row.Decision.Note, NpgsqlDbType.Text)
            .WithEach(list, row => row.Fate, NpgsqlDbType.Text);
    }

    /// <summary>Adds the statement that takes rows out that were corrected.</summary>
    public static void AddResolveCorrected(NpgsqlBatch batch, long id, RowDecision decision, string fate, DateTimeOffset now) => batch
        .Add("UPDATE ledger.quarantine SET state = 'applied', note = $2, fate = $3, resolved_at = $4 WHERE id = $1 AND state = 'open'")
        .With(id).With(decision.Note).With(fate).With(now);

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

    /// <summary>What lies open in quarantine of one delivery: row position, item, and when it was said last.</summary>
    public static void AddOfDelivery(NpgsqlBatch batch, Guid deliveryId) => batch
        .Add("SELECT row_index, id, seen_at FROM ledger.quarantine WHERE delivery_id = $1 AND state = 'open' ORDER BY id FOR UPDATE").With(deliveryId);
}

/// <summary>A row of a delivery that entered by a correction.</summary>
internal sealed record CorrectedRow(
    int Index, RowOrigin Origin, string Kind, string Reason, string Detail, string? ExternalId, string RawJson, RowDecision Decision, string Fate);

/// <summary>A row that waits for its account's currency.</summary>
internal sealed record WaitingRow(long Id, Guid DeliveryId, DateTimeOffset DeliveryReceivedAt, string Kind, string Parsed, DateTimeOffset ObservedAt);
