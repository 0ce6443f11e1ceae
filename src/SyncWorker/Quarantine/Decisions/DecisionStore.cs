using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Quarantine.Decisions;

/// <summary>The SQL of <c>quarantine_decisions</c>.</summary>
internal static class DecisionStore
{
    private const long Lock = 0x5245_4442_4145_4449;
    private const string Columns = "row_hash, delivery_id, row_index, corrected_json, decided_by, decided_at, note";

    /// <summary>
    /// Adds the lock that comes before every other one: whoever decides holds it alone, whoever applies rows that may be decided about
    /// shares it. So no row slips by a decision that is being made.
    /// </summary>
    public static void AddLock(NpgsqlBatch batch, bool alone) => batch.Add($"SELECT pg_advisory_xact_lock{(alone ? "" : "_shared")}($1)").With(Lock);

    /// <summary>Adds the statement that keeps a decision, in the place of an earlier one about the same row.</summary>
    public static void AddSave(NpgsqlBatch batch, RowDecision decision) => batch
        .Add("""
            INSERT INTO ledger.quarantine_decisions (row_hash, delivery_id, row_index, decision, corrected_json, decided_by, decided_at, note)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (row_hash) DO UPDATE SET delivery_id = excluded.delivery_id, row_index = excluded.row_index, decision = excluded.decision,
                corrected_json = excluded.corrected_json, former_hash = NULL, former_observed_at = NULL, decided_by = excluded.decided_by, decided_at = excluded.decided_at, note = excluded.note
            """)
        .With(decision.RowHash).With(decision.DeliveryId).With(decision.RowIndex).With(decision.IsDrop ? "dropped" : "edited").With(decision.CorrectedJson)
        .With(decision.DecidedBy).With(decision.DecidedAt).With(decision.Note);

    /// <summary>Adds the statement that keeps what stands in the ledger where an edit is about to write.</summary>
    public static void AddFormer(NpgsqlBatch batch, Guid rowHash, string table, long accountId, string externalId) => batch
        .Add($"""
            UPDATE ledger.quarantine_decisions d SET former_hash = t.content_hash, former_observed_at = t.observed_at
            FROM ledger.{table} t WHERE d.row_hash = $1 AND t.account_id = $2 AND t.external_id = $3
            """)
        .With(rowHash).With(accountId).With(externalId);

    public static void AddRemove(NpgsqlBatch batch, Guid rowHash) =>
        batch.Add("DELETE FROM ledger.quarantine_decisions WHERE row_hash = $1").With(rowHash);

    /// <summary>Adds the question what was decided about rows, or about rows of a delivery.</summary>
    public static void AddFind(NpgsqlBatch batch, IReadOnlyList<Guid> rows, Guid deliveryId) => batch
        .Add($"SELECT {Columns} FROM ledger.quarantine_decisions WHERE row_hash = ANY ($1) OR delivery_id = $2")
        .WithEach(rows, row => row, NpgsqlDbType.Uuid).With(deliveryId);

    public static async Task<List<RowDecision>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var decisions = new List<RowDecision>();
        while (await reader.ReadAsync(cancellation))
        {
            decisions.Add(new RowDecision
            {
                RowHash = reader.GetGuid(0),
                DeliveryId = reader.GetGuid(1),
                RowIndex = reader.GetInt32(2),
                CorrectedJson = reader.Value<string>(3),
                DecidedBy = reader.Value<string>(4),
                DecidedAt = reader.GetFieldValue<DateTimeOffset>(5),
                Note = reader.Value<string>(6),
            });
        }

        return decisions;
    }
}
