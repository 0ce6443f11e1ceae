using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances.Schema;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Outbox;

namespace Redbark.Sync.Worker.Balances.Store;

/// <summary>
/// Keeps the connections and which accounts stand behind them. A connection is in trouble when it cannot be read until a person does
/// something; that is told once, when it begins. What passes by itself changes nothing about it.
/// </summary>
internal sealed class ConnectionStore(NpgsqlDataSource database, OutboxSignal outbox, TimeProvider clock)
{
    private const string IsConnection = "(provider, connection_id) = ($1, $2)";

    private static readonly string[] Readable = [Connection.Active, Connection.Expiring];

    /// <summary>Saves what a listing said of one connection. Only one that succeeded can tell that an account is gone.</summary>
    public async Task SaveAsync(string provider, ConnectionListing listing, CancellationToken cancellation)
    {
        var id = Text.Identity(listing.ConnectionId);
        await using var session = await LockAsync(provider, cancellation);
        var known = (await ReadAsync(session.Connection, provider, cancellation)).Find(connection => connection.ConnectionId == id);
        var (now, error) = (clock.GetUtcNow(), listing.Error);
        if (known is not null && error is { Fault: ProviderFault.RateLimited, ReachedProvider: false })
            return; // Our own budget put it off: nobody was asked.

        var connection = new Connection
        {
            Provider = provider,
            ConnectionId = id,
            Institution = Text.Clean(listing.Institution) ?? known?.Institution,
            Status = known is not null && error is not null && !InTrouble(listing.Status, error) ? known.Status : Text.Clean(listing.Status),
            FirstSeenAt = known?.FirstSeenAt ?? now,
            LastListedAt = error is null ? now : known?.LastListedAt,
            Error = Text.Clean(error?.Message),
            ErrorFault = Word.Of(error?.Fault),
            NeedsAttentionSince = InTrouble(listing.Status, error) ? known?.NeedsAttentionSince ?? now : error is null ? null : known?.NeedsAttentionSince,
            ConsentEndsAt = error is null ? listing.ConsentEndsAt : known?.ConsentEndsAt,
        };

        await using var batch = new NpgsqlBatch(session.Connection);
        AddSave(batch, connection, known, now);
        if (error is null)
            AddAccounts(batch, connection, [.. listing.Accounts.DistinctBy(account => account.ExternalId)], now);
        await batch.ExecuteAsync(cancellation);
        await session.CommitAsync(cancellation);
        outbox.Wake();
    }

    /// <summary>Saves that a whole listing succeeded: connections that it did not name are gone, and are not read any more.</summary>
    public async Task SaveGoneAsync(string provider, IReadOnlyCollection<string> listed, CancellationToken cancellation)
    {
        await using var session = await LockAsync(provider, cancellation);
        await using var batch = new NpgsqlBatch(session.Connection);
        batch.Add("""
            UPDATE ledger.connections SET status = $3, error = NULL, error_fault = NULL, needs_attention_since = NULL
            WHERE provider = $1 AND NOT connection_id = ANY ($2) AND status <> $3
            """).With(provider).WithEach([.. listed], id => Text.Identity(id), NpgsqlDbType.Text).With(Connection.Gone);
        await batch.ExecuteAsync(cancellation);
        await session.CommitAsync(cancellation);
    }

    /// <summary>Saves an error that stops the reading of the connections that <paramref name="isConcerned"/> names.</summary>
    public async Task SaveErrorAsync(string provider, Func<string, bool> isConcerned, ProviderException error, CancellationToken cancellation)
    {
        await using var session = await LockAsync(provider, cancellation);
        var now = clock.GetUtcNow();
        await using var batch = new NpgsqlBatch(session.Connection);
        foreach (var known in await ReadAsync(session.Connection, provider, cancellation))
        {
            if (known.Status == Connection.Gone || !isConcerned(known.ConnectionId))
                continue;
            var connection = new Connection
            {
                Provider = provider,
                ConnectionId = known.ConnectionId,
                Institution = known.Institution,
                Status = known.Status,
                FirstSeenAt = known.FirstSeenAt,
                LastListedAt = known.LastListedAt,
                Error = Text.Clean(error.Message),
                ErrorFault = Word.Of(error.Fault),
                NeedsAttentionSince = InTrouble(known.Status, error) ? known.NeedsAttentionSince ?? now : known.NeedsAttentionSince,
                ConsentEndsAt = known.ConsentEndsAt,
            };
            AddSave(batch, connection, known, now);
        }

        await batch.ExecuteAsync(cancellation);
        await session.CommitAsync(cancellation);
        outbox.Wake();
    }

    /// <summary>Saves that connections can be read again.</summary>
    public async Task SaveReadableAsync(string provider, IReadOnlyCollection<string> connectionIds, CancellationToken cancellation)
    {
        await using var session = await LockAsync(provider, cancellation);
        await using var batch = new NpgsqlBatch(session.Connection);
        batch.Add("""
            UPDATE ledger.connections SET error = NULL, error_fault = NULL, needs_attention_since = CASE WHEN NOT status = ANY ($3) THEN needs_attention_since END
            WHERE provider = $1 AND connection_id = ANY ($2) AND error IS NOT NULL
            """).With(provider).WithEach([.. connectionIds], id => id, NpgsqlDbType.Text).WithEach(Readable, status => status, NpgsqlDbType.Text);
        await batch.ExecuteAsync(cancellation);
        await session.CommitAsync(cancellation);
    }

    private static bool InTrouble(string status, ProviderException? error) => error is null
        ? !Readable.Contains(status)
        : error.Fault is ProviderFault.ReauthRequired or ProviderFault.CredentialInvalid or ProviderFault.PermissionMissing;

    private static void AddSave(NpgsqlBatch batch, Connection connection, Connection? known, DateTimeOffset now)
    {
        batch.Add("""
            INSERT INTO ledger.connections (provider, connection_id, institution, status, first_seen_at, last_listed_at, error, error_fault, needs_attention_since, consent_ends_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (provider, connection_id) DO UPDATE SET institution = excluded.institution, status = excluded.status,
                last_listed_at = excluded.last_listed_at, error = excluded.error, error_fault = excluded.error_fault,
                needs_attention_since = excluded.needs_attention_since, consent_ends_at = excluded.consent_ends_at
            """)
            .With(connection.Provider).With(connection.ConnectionId).With(connection.Institution).With(connection.Status).With(connection.FirstSeenAt)
            .With(connection.LastListedAt).With(connection.Error).With(connection.ErrorFault).With(connection.NeedsAttentionSince)
            .With(connection.ConsentEndsAt);
        if (connection.NeedsAttentionSince is not null && known?.NeedsAttentionSince is null)
        {
            var reason = connection.Error ?? $"the provider says that its status is '{connection.Status}'";
            Announcements.Add(batch, new ConnectionNeedsAttention(
                Guid.CreateVersion7(now), now, connection.Provider, connection.ConnectionId, connection.Institution, connection.Status, reason), now);
        }
    }

    private static void AddAccounts(NpgsqlBatch batch, Connection connection, List<ProviderAccount> accounts, DateTimeOffset now)
    {
        batch.Add("""
            INSERT INTO ledger.provider_accounts AS p (provider, connection_id, first_seen_at, last_listed_at, external_id, name, type, currency, source, is_brokerage)
            SELECT $1, $2, $3, $3, * FROM unnest($4, $5, $6, $7, $8, $9)
            ON CONFLICT (provider, connection_id, external_id) DO UPDATE SET name = excluded.name, type = excluded.type,
                currency = coalesce(excluded.currency, p.currency), source = excluded.source, is_brokerage = excluded.is_brokerage,
                last_listed_at = excluded.last_listed_at, gone_at = NULL
            """)
            .With(connection.Provider).With(connection.ConnectionId).With(now)
            .WithEach(accounts, account => Text.Identity(account.ExternalId), NpgsqlDbType.Text)
            .WithEach(accounts, account => Text.Clean(account.Name), NpgsqlDbType.Text)
            .WithEach(accounts, account => Text.Clean(account.Type), NpgsqlDbType.Text)
            .WithEach(accounts, account => Text.Clean(account.Currency), NpgsqlDbType.Text)
            .WithEach(accounts, account => Text.Clean(account.Source), NpgsqlDbType.Text)
            .WithEach(accounts, account => account.IsBrokerage, NpgsqlDbType.Boolean);
        batch.Add($"UPDATE ledger.provider_accounts SET gone_at = $3 WHERE {IsConnection} AND gone_at IS NULL AND NOT external_id = ANY ($4)")
            .With(connection.Provider).With(connection.ConnectionId).With(now)
            .WithEach(accounts, account => Text.Identity(account.ExternalId), NpgsqlDbType.Text);
    }

    private static async Task<List<Connection>> ReadAsync(NpgsqlConnection session, string provider, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(session);
        batch.Add("""
            SELECT connection_id, institution, status, first_seen_at, last_listed_at, needs_attention_since, consent_ends_at FROM ledger.connections
            WHERE provider = $1 ORDER BY connection_id
            """).With(provider);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var connections = new List<Connection>();
        while (await reader.ReadAsync(cancellation))
        {
            connections.Add(new Connection
            {
                Provider = provider,
                ConnectionId = reader.GetString(0),
                Institution = reader.Value<string>(1),
                Status = reader.GetString(2),
                FirstSeenAt = reader.GetFieldValue<DateTimeOffset>(3),
                LastListedAt = reader.Time(4),
                NeedsAttentionSince = reader.Time(5),
                ConsentEndsAt = reader.Time(6),
            });
        }

        return connections;
    }

    // A daily listing and a poll's first one may meet.
    private async Task<LockedSession> LockAsync(string provider, CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellation);
            await using var batch = new NpgsqlBatch(connection);
            batch.Add("SELECT pg_advisory_xact_lock(hashtextextended('ledger.connections/' || $1, 0))").With(provider);
            await batch.ExecuteAsync(cancellation);
            return new LockedSession(connection, transaction);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private sealed record LockedSession(NpgsqlConnection Connection, NpgsqlTransaction Transaction) : IAsyncDisposable
    {
        public Task CommitAsync(CancellationToken cancellation) => Transaction.CommitAsync(cancellation);

        public async ValueTask DisposeAsync()
        {
            await Transaction.DisposeAsync();
            await Connection.DisposeAsync();
        }
    }
}
