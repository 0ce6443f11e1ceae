using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Accounts;
using Redbark.Sync.Worker.Balances.Schema;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Outbox;

namespace Redbark.Sync.Worker.Balances.Store;

/// <summary>
/// Keeps what was read. A reading that failed, or that names no current balance, leaves the last good one where it is and marks the
/// account as failing (invariant I8).
/// </summary>
internal sealed class BalanceStore(NpgsqlDataSource database, Partitions partitions, OutboxSignal outbox, TimeProvider clock)
{
    /// <summary>The fault of a reading that came, but names no current balance.</summary>
    public const string NoUsableBalance = "no_usable_balance";

    private const string IsAccount = "(provider, connection_id, external_id) = ($1, $2, $3)";

    /// <summary>How many accounts of a provider are there to be read, whether due or not.</summary>
    public async Task<int> CountAsync(string provider, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT count(*)::int FROM ledger.provider_accounts WHERE provider = $1 AND gone_at IS NULL");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = provider });
        return (int)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>The accounts that may be read now, the one that waits longest first. A connection that waits for consent is left alone.</summary>
    public async Task<List<ProviderAccount>> DueAsync(string provider, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("""
            SELECT p.connection_id, p.external_id, p.name, p.type, p.currency, p.is_brokerage, p.source
            FROM ledger.provider_accounts p JOIN ledger.connections c USING (provider, connection_id)
            WHERE p.provider = $1 AND p.gone_at IS NULL AND c.status <> $3 AND c.error_fault IS DISTINCT FROM $4
                AND (p.not_before IS NULL OR p.not_before <= $2)
                AND NOT EXISTS (SELECT FROM ledger.provider_holds h
                    WHERE h.provider = p.provider AND h.connection_id IN (p.connection_id, '') AND h.account_id IN (p.external_id, '') AND h.endpoint = ''
                        AND h.not_before > $2)
            ORDER BY p.last_attempt_at NULLS FIRST, p.id
            """).With(provider).With(clock.GetUtcNow()).With(Connection.Gone).With(Word.Of(ProviderFault.ReauthRequired));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var accounts = new List<ProviderAccount>();
        while (await reader.ReadAsync(cancellation))
        {
            accounts.Add(new ProviderAccount(provider, reader.GetString(0), reader.GetString(1), reader.Value<string>(2), reader.Value<string>(3),
                reader.Value<string>(4), reader.GetBoolean(5), reader.Value<string>(6)));
        }

        return accounts;
    }

    /// <summary>When the oldest last good balance of each provider's accounts was read; for one that never had any, when it was first seen.</summary>
    public async Task<Dictionary<string, DateTimeOffset>> OldestAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            SELECT provider, min(coalesce(last_balance_at, first_seen_at)) FROM ledger.provider_accounts WHERE gone_at IS NULL AND NOT is_brokerage GROUP BY provider
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var oldest = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
            oldest.Add(reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1));
        return oldest;
    }

    /// <summary>Saves what came of reading one account's balance.</summary>
    public Task<ReadingOutcome> SaveAsync(BalanceReading reading, TimeSpan cacheAge, CancellationToken cancellation) => reading switch
    {
        { Balance: { } balance } => SavedAsync(balance.RetrievedAt, () => SaveAsync(reading.Account, balance, cacheAge, cancellation), cancellation),
        { Error: { } error } => SaveAsync(reading.Account, error, cancellation),
        _ => throw new ArgumentException("A reading holds neither a balance nor an error.", nameof(reading)),
    };

    /// <summary>Saves what came of reading one brokerage account's holdings.</summary>
    public Task<ReadingOutcome> SaveAsync(HoldingsReading reading, TimeSpan cacheAge, CancellationToken cancellation) => reading switch
    {
        { Holdings: { } holdings } => SavedAsync(reading.RetrievedAt, () => SaveAsync(reading.Account, reading.RetrievedAt, holdings, cacheAge, cancellation), cancellation),
        { Error: { } error } => SaveAsync(reading.Account, error, cancellation),
        _ => throw new ArgumentException("A reading holds neither holdings nor an error.", nameof(reading)),
    };

    private async Task<ReadingOutcome> SaveAsync(ProviderAccount account, AccountBalance balance, TimeSpan cacheAge, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await LockAsync(connection, account, cancellation) is not { } known)
            return ReadingOutcome.Unknown;

        var currency = Text.Clean(balance.Currency);
        var earliest = balance.RetrievedAt - cacheAge;
        await using var batch = new NpgsqlBatch(connection);
        batch
            .Add("""
                INSERT INTO ledger.balances (provider_account_id, account_id, retrieved_at, earliest_at, as_of, currency, current, current_origin, available,
                    available_includes_credit, credit_limit, flags, figures)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                """)
            .With(known.Id).With(known.AccountId).With(balance.RetrievedAt).With(balance.AsOf < earliest ? balance.AsOf.Value : earliest).With(balance.AsOf)
            .With(currency).With(balance.Current).With(balance.Current is null ? null : Word.Of(balance.CurrentOrigin ?? ValueOrigin.Reported))
            .With(balance.Available).With(Word.Of(balance.AvailableIncludesCredit)).With(balance.CreditLimit)
            .WithEach(balance.Flags, flag => Text.Clean(flag), NpgsqlDbType.Text).With(Figure.Write(balance.Observations), NpgsqlDbType.Jsonb);
        if (balance.Current is null)
            AddFailure(batch, known.Id, "the provider's answer names no current balance", NoUsableBalance, notBefore: null, now);
        else
            AddSuccess(batch, known.Id, balance.RetrievedAt, "last_balance_id = currval('ledger.balance_ids'), last_balance_at = $2", "last_balance_at", now);
        if (known.AccountId is { } changed)
            AccountChanges.Add(batch, [changed]);
        Announcements.Add(batch, new BalanceObserved(
            Guid.CreateVersion7(now), now, known.AccountId, account.Provider, account.ConnectionId, account.ExternalId,
            Amount(balance.Current, currency), Amount(balance.Available, currency), balance.RetrievedAt, balance.AsOf), now);

        await batch.ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        outbox.Wake();
        return balance.Current is null ? ReadingOutcome.Unusable : ReadingOutcome.Read;
    }

    private async Task<ReadingOutcome> SaveAsync(
        ProviderAccount account, DateTimeOffset retrievedAt, IReadOnlyList<Holding> holdings, TimeSpan cacheAge, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await LockAsync(connection, account, cancellation) is not { } known)
            return ReadingOutcome.Unknown;

        await using var batch = new NpgsqlBatch(connection);
        batch
            .Add("""
                INSERT INTO ledger.holdings (provider_account_id, account_id, retrieved_at, earliest_at, symbol, name, quantity, currency, average_price,
                    current_price, market_value, figures)
                SELECT $1, $2, $3, $4, * FROM unnest($5, $6, $7, $8, $9, $10, $11, $12)
                """)
            .With(known.Id).With(known.AccountId).With(retrievedAt).With(retrievedAt - cacheAge)
            .WithEach(holdings, holding => Text.Clean(holding.Symbol), NpgsqlDbType.Text)
            .WithEach(holdings, holding => Text.Clean(holding.Name), NpgsqlDbType.Text)
            .WithEach(holdings, holding => holding.Quantity, NpgsqlDbType.Numeric)
            .WithEach(holdings, holding => Text.Clean(holding.Currency), NpgsqlDbType.Text)
            .WithEach(holdings, holding => holding.AveragePrice, NpgsqlDbType.Numeric)
            .WithEach(holdings, holding => holding.CurrentPrice, NpgsqlDbType.Numeric)
            .WithEach(holdings, holding => holding.MarketValue, NpgsqlDbType.Numeric)
            .WithEach(holdings, holding => holding.Figures, NpgsqlDbType.Jsonb);
        AddSuccess(batch, known.Id, retrievedAt, "last_holdings_at = $2", "last_holdings_at", now);
        if (known.AccountId is { } changed)
            AccountChanges.Add(batch, [changed]);

        await batch.ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return ReadingOutcome.Read;
    }

    private async Task<ReadingOutcome> SaveAsync(ProviderAccount account, ProviderException error, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await LockAsync(connection, account, cancellation) is not { } known)
            return ReadingOutcome.Unknown;

        // Refused by our own budget: nobody was asked, so nothing failed.
        var deferred = error is { Fault: ProviderFault.RateLimited, ReachedProvider: false };
        await using var batch = new NpgsqlBatch(connection);
        if (deferred)
            batch.Add("UPDATE ledger.provider_accounts SET not_before = $2 WHERE id = $1").With(known.Id).With(error.NotBefore);
        else
            AddFailure(batch, known.Id, Text.Clean(error.Message), Word.Of(error.Fault), error.NotBefore, now);
        if (!deferred && !known.IsFailing && known.AccountId is { } changed)
            AccountChanges.Add(batch, [changed]);

        await batch.ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return deferred ? ReadingOutcome.Deferred : ReadingOutcome.Failed;
    }

    private static void AddSuccess(NpgsqlBatch batch, long id, DateTimeOffset retrievedAt, string newest, string time, DateTimeOffset now)
    {
        batch.Add("""
            UPDATE ledger.provider_accounts SET last_attempt_at = $2, last_error = NULL, last_error_fault = NULL, failing_since = NULL, not_before = NULL WHERE id = $1
            """).With(id).With(now);
        batch.Add($"UPDATE ledger.provider_accounts SET {newest} WHERE id = $1 AND ({time} IS NULL OR {time} <= $2)").With(id).With(retrievedAt);
    }

    private static void AddFailure(NpgsqlBatch batch, long id, string error, string fault, DateTimeOffset? notBefore, DateTimeOffset now) => batch
        .Add("""
            UPDATE ledger.provider_accounts SET last_attempt_at = $2, last_error = $3, last_error_fault = $4, failing_since = coalesce(failing_since, $2), not_before = $5
            WHERE id = $1
            """)
        .With(id).With(now).With(error).With(fault).With(notBefore);

    private static async Task<KnownAccount?> LockAsync(NpgsqlConnection connection, ProviderAccount account, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add($"SELECT id, account_id, failing_since IS NOT NULL FROM ledger.provider_accounts WHERE {IsAccount} FOR UPDATE")
            .With(account.Provider).With(account.ConnectionId).With(account.ExternalId);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? new KnownAccount(reader.GetInt64(0), reader.Number<long>(1), reader.GetBoolean(2)) : null;
    }

    private static Money? Amount(decimal? amount, string currency) => amount is { } some ? new Money(some, currency) : null;

    private async Task<ReadingOutcome> SavedAsync(DateTimeOffset retrievedAt, Func<Task<ReadingOutcome>> save, CancellationToken cancellation)
    {
        try
        {
            return await save();
        }
        catch (PostgresException error) when (Partitions.IsMissing(error))
        {
            await partitions.EnsureAsync(retrievedAt, cancellation);
            return await save();
        }
    }

    private sealed record KnownAccount(long Id, long? AccountId, bool IsFailing);
}

/// <summary>What became of a reading.</summary>
internal enum ReadingOutcome
{
    /// <summary>It is the account's balance now.</summary>
    Read,

    /// <summary>It came and is kept, but names no current balance.</summary>
    Unusable,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>Our own budget put it off.</summary>
    Deferred,

    /// <summary>The account is not one that was listed; nothing was kept.</summary>
    Unknown,
}
