using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Ledger;

/// <summary>
/// The rows that were pending under their own id: when they are posted, they are settled by themselves (spec 8.7). A trigger remembers
/// those that change; a pending observation that comes after the posted one leaves no version, so it is remembered here.
/// </summary>
internal static class OncePending
{
    /// <summary>Adds the pending observations that lost.</summary>
    public static void Add(NpgsqlBatch batch, IEnumerable<Observation<TransactionRow>> observations)
    {
        var late = observations.Where(row => row.Fate == RowFate.Ignored && row.Row.Status == TransactionStatus.Pending)
            .Select(row => row.Key).Distinct().OrderBy(row => row.AccountId).ThenBy(row => row.ExternalId, StringComparer.Ordinal).ToList();
        if (late.Count == 0)
            return;
        batch.Add("INSERT INTO ledger.once_pending (account_id, external_id) SELECT * FROM unnest($1, $2) ON CONFLICT DO NOTHING")
            .WithEach(late, row => row.AccountId, NpgsqlDbType.Bigint).WithEach(late, row => row.ExternalId, NpgsqlDbType.Text);
    }

    /// <summary>Adds what a merge of accounts needs before rows that both have become one.</summary>
    public static void AddMove(NpgsqlBatch batch, long kept, long merged)
    {
        batch
            .Add("""
                INSERT INTO ledger.once_pending (account_id, external_id)
                SELECT $1, external_id FROM ledger.once_pending WHERE account_id = $2
                UNION
                SELECT $1, n.external_id FROM ledger.transactions n JOIN ledger.transactions t ON t.account_id = $1 AND t.external_id = n.external_id
                WHERE n.account_id = $2 AND n.status = 'pending'
                ON CONFLICT DO NOTHING
                """)
            .With(kept).With(merged);
        batch.Add("DELETE FROM ledger.once_pending WHERE account_id = $1").With(merged);
    }
}
