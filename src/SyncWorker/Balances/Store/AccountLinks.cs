using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Worker.Accounts;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Balances.Store;

/// <summary>
/// Which ledger account a provider's account proves: Redbark's the one with the same id, another's the one that the settings name. Looked
/// up again at every listing and poll, because an account enters the ledger when its first row comes.
/// </summary>
internal sealed class AccountLinks(NpgsqlDataSource database, BalanceOptions options)
{
    /// <summary>Brings the links of one provider's accounts, and of all that was read of them, up to date.</summary>
    public async Task ResolveAsync(string provider, CancellationToken cancellation)
    {
        var links = options.Links.Where(link => link.Provider == provider).ToList();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var changed = await RelinkAsync(connection, provider, links, cancellation);
        if (changed.Count > 0)
        {
            await using var batch = new NpgsqlBatch(connection);
            foreach (var table in (string[])["balances", "holdings"])
            {
                batch.Add($"UPDATE ledger.{table} b SET account_id = r.account_id FROM unnest($1, $2) AS r (id, account_id) WHERE b.provider_account_id = r.id")
                    .WithEach(changed, change => change.Id, NpgsqlDbType.Bigint).WithEach(changed, change => change.Now, NpgsqlDbType.Bigint);
            }

            AccountChanges.Add(batch, [.. changed.SelectMany(change => (long?[])[change.Was, change.Now]).OfType<long>().Distinct()]);
            await batch.ExecuteAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    private static async Task<List<(long Id, long? Was, long? Now)>> RelinkAsync(
        NpgsqlConnection connection, string provider, List<BalanceLink> links, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("SELECT FROM ledger.provider_accounts WHERE provider = $1 ORDER BY id FOR UPDATE").With(provider);
        batch.Add("""
            UPDATE ledger.provider_accounts p SET account_id = f.account_id, linked_to = f.linked_to
            FROM (
                SELECT o.id, o.account_id AS was, l.ledger_account AS linked_to, (
                    SELECT a.id FROM ledger.accounts a
                    WHERE a.provider = $5 AND coalesce(l.ledger_account, CASE WHEN o.provider = $5 THEN o.external_id END) IN (a.external_id, a.public_id)) AS account_id
                FROM ledger.provider_accounts o
                LEFT JOIN unnest($2, $3, $4) AS l (connection_id, external_id, ledger_account)
                    ON (l.connection_id, l.external_id) = (o.connection_id, o.external_id)
                WHERE o.provider = $1) f
            WHERE p.id = f.id AND (p.account_id, p.linked_to) IS DISTINCT FROM (f.account_id, f.linked_to)
            RETURNING p.id, f.was, p.account_id
            """)
            .With(provider)
            .WithEach(links, link => link.ConnectionId, NpgsqlDbType.Text)
            .WithEach(links, link => link.ExternalId, NpgsqlDbType.Text)
            .WithEach(links, link => link.LedgerAccount, NpgsqlDbType.Text)
            .With(AccountStore.Provider);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        var changed = new List<(long, long?, long?)>();
        while (await reader.ReadAsync(cancellation))
        {
            var (was, now) = (reader.Number<long>(1), reader.Number<long>(2));
            if (was != now)
                changed.Add((reader.GetInt64(0), was, now));
        }

        return changed;
    }
}
