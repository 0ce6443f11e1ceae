using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Accounts;

/// <summary>The SQL of <c>accounts</c>.</summary>
internal static class AccountStore
{
    /// <summary>The system whose ids these are.</summary>
    public const string Provider = "redbark";

    public static void AddFind(NpgsqlBatch batch, IReadOnlyList<string> externalIds, IReadOnlyList<string> publicIds) => batch
        .Add("""
            SELECT id, external_id, public_id, name, name_observed_at, currency, currency_observed_at FROM ledger.accounts
            WHERE provider = $1 AND (external_id = ANY ($2) OR public_id = ANY ($3))
            """)
        .With(Provider).WithEach(externalIds, id => id, NpgsqlDbType.Text).WithEach(publicIds, id => id, NpgsqlDbType.Text);

    public static async Task<List<AccountState>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var accounts = new List<AccountState>();
        while (await reader.ReadAsync(cancellation))
        {
            var account = new AccountState { Id = reader.GetInt64(0), ExternalId = reader.Value<string>(1), PublicId = reader.Value<string>(2) };
            account.Hold(reader.Value<string>(3), reader.Time(4), reader.Value<string>(5), reader.Time(6));
            accounts.Add(account);
        }

        return accounts;
    }

    /// <summary>Writes new accounts and new names, and merges; the caller holds every name for itself.</summary>
    public static async Task SaveAsync(NpgsqlConnection connection, AccountBook book, AccountChange change, CancellationToken cancellation)
    {
        foreach (var account in book.Named.Where(account => !account.IsNew))
        {
            foreach (var merged in account.Merged)
                await AccountMerge.RunAsync(connection, account, merged, change, cancellation);
            if (account.IsNamed)
                await NameAsync(connection, account, cancellation);
        }

        await AdoptAsync(connection, [.. book.Named.Where(account => account.IsNew)], change, cancellation);
        foreach (var account in book.Named.Where(account => account.Currency is not null && (account.IsCurrencyChanged || account.Merged.Count > 0)))
            await CurrencyCorrection.RunAsync(connection, account, change, cancellation);
    }

    /// <summary>
    /// Adds the statement that brings the accounts up to date of which a delivery tells. It only ever moves forward (newest name, newest currency, last delivery),
    /// so deliveries that share an account need no lock for it until here.
    /// </summary>
    public static void AddTouch(NpgsqlBatch batch, IReadOnlyCollection<AccountState> named, DateTimeOffset receivedAt)
    {
        const string newName = "(r.name_observed_at, r.name COLLATE \"C\") > (coalesce(a.name_observed_at, '-infinity'), coalesce(a.name, '') COLLATE \"C\")";
        const string newCurrency =
            "(r.currency_observed_at, r.currency COLLATE \"C\") > (coalesce(a.currency_observed_at, '-infinity'), coalesce(a.currency, '')::text COLLATE \"C\")";

        var accounts = named.OrderBy(account => account.Id).ToList();
        batch.Add("SELECT FROM ledger.accounts WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE").WithEach(accounts, account => account.Id, NpgsqlDbType.Bigint);
        batch
            .Add($"""
                UPDATE ledger.accounts a SET
                    first_seen_at = CASE WHEN a.told THEN least(a.first_seen_at, $6) ELSE $6 END,
                    last_delivery_at = CASE WHEN a.told THEN greatest(a.last_delivery_at, $6) ELSE $6 END,
                    told = true,
                    name = CASE WHEN {newName} THEN r.name ELSE a.name END,
                    name_observed_at = CASE WHEN {newName} THEN r.name_observed_at ELSE a.name_observed_at END,
                    currency = CASE WHEN {newCurrency} THEN r.currency ELSE a.currency END,
                    currency_observed_at = CASE WHEN {newCurrency} THEN r.currency_observed_at ELSE a.currency_observed_at END
                FROM unnest($1, $2, $3, $4, $5) AS r (id, name, name_observed_at, currency, currency_observed_at)
                WHERE a.id = r.id
                """)
            .WithEach(accounts, account => account.Id, NpgsqlDbType.Bigint)
            .WithEach(accounts, account => account.Name, NpgsqlDbType.Text)
            .WithEach(accounts, account => account.NameObservedAt?.UtcDateTime, NpgsqlDbType.TimestampTz)
            .WithEach(accounts, account => account.Currency, NpgsqlDbType.Text)
            .WithEach(accounts, account => account.CurrencyObservedAt?.UtcDateTime, NpgsqlDbType.TimestampTz)
            .With(receivedAt);
    }

    private static async Task NameAsync(NpgsqlConnection connection, AccountState account, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("UPDATE ledger.accounts SET external_id = $2, public_id = $3 WHERE id = $1").With(account.Id).With(account.ExternalId).With(account.PublicId);
        await batch.ExecuteAsync(cancellation);
    }

    private static async Task AdoptAsync(NpgsqlConnection connection, List<AccountState> accounts, AccountChange change, CancellationToken cancellation)
    {
        if (accounts.Count == 0)
            return;
        await using var batch = new NpgsqlBatch(connection);
        batch
            .Add("""
                INSERT INTO ledger.accounts (provider, external_id, public_id, first_seen_at, last_delivery_at, told)
                SELECT $1, external_id, public_id, $4, $4, false FROM unnest($2, $3) AS r (external_id, public_id)
                RETURNING id, external_id, public_id
                """)
            .With(Provider)
            .WithEach(accounts, account => account.ExternalId, NpgsqlDbType.Text).WithEach(accounts, account => account.PublicId, NpgsqlDbType.Text)
            .With(change.ReceivedAt);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var byNames = accounts.ToDictionary(account => (account.ExternalId, account.PublicId));
        while (await reader.ReadAsync(cancellation))
            byNames[(reader.Value<string>(1), reader.Value<string>(2))].Id = reader.GetInt64(0);
    }
}

/// <summary>What a change of an account is recorded with.</summary>
/// <param name="DeliveryId">The delivery that brought it about.</param>
/// <param name="ReceivedAt">When that was received.</param>
/// <param name="Now">The time of recording.</param>
/// <param name="Changes">Takes up the rows that changed with it.</param>
internal sealed record AccountChange(Guid DeliveryId, DateTimeOffset ReceivedAt, DateTimeOffset Now, Outbox.LedgerChanges Changes);
