using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Balances.Store;

/// <summary>
/// Keeps rotated refresh tokens. The lock is held across the refresh: of two workers that refresh at once with one token, a provider that
/// rotates would refuse the second, and may take the consent for stolen.
/// </summary>
internal sealed partial class PostgresRefreshTokens(NpgsqlDataSource database, TimeProvider clock, ILogger<PostgresRefreshTokens> logger) : IRefreshTokens
{
    private const int StoreAttempts = 6;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    public async Task<T> RefreshAsync<T>(
        string provider, string connection, string configured, Func<string, Task<(T Result, string? Rotated)>> refresh, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(configured);

        await using var session = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await session.BeginTransactionAsync(cancellation);
        var stored = await LockAndReadAsync(session, provider, connection, cancellation);
        var current = stored is null ? null : TokenSeal.Open(stored, configured, provider, connection);
        if (stored is not null && current is null)
            Log.StartsAnew(logger, provider, connection);

        current ??= configured;
        var (result, rotated) = await refresh(current);
        if (rotated is { Length: > 0 } && rotated != current)
            await StoreAsync(session, transaction, provider, connection, TokenSeal.Seal(rotated, configured, provider, connection));
        return result;
    }

    private static async Task<byte[]?> LockAndReadAsync(NpgsqlConnection session, string provider, string connection, CancellationToken cancellation)
    {
        // Another worker's refresh takes as long as the provider does.
        await using var batch = new NpgsqlBatch(session) { Timeout = 0 };
        batch.Add("SELECT pg_advisory_xact_lock(hashtextextended(array_to_json(ARRAY['ledger.provider_tokens', $1, $2])::text, 0))").With(provider).With(connection);
        batch.Add("SELECT sealed FROM ledger.provider_tokens WHERE (provider, connection_id) = ($1, $2)").With(provider).With(connection);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? reader.GetFieldValue<byte[]>(0) : null;
    }

    // The former token may be worth nothing any more: this is not given up for a connection that broke, nor for a stop.
    private async Task StoreAsync(NpgsqlConnection session, NpgsqlTransaction transaction, string provider, string connection, byte[] token)
    {
        try
        {
            await WriteAsync(session, provider, connection, token);
            await transaction.CommitAsync(CancellationToken.None);
            return;
        }
        catch (Exception error) when (TransientFaults.IsTransient(error))
        {
            Log.NotStoredYet(logger, error, provider, connection);
        }

        for (var failures = 1; ; failures++)
        {
            await Task.Delay(Backoff.After(failures, LongestWait), clock, CancellationToken.None);
            try
            {
                await using var another = await database.OpenConnectionAsync(CancellationToken.None);
                await WriteAsync(another, provider, connection, token);
                return;
            }
            catch (Exception error) when (TransientFaults.IsTransient(error) && failures < StoreAttempts)
            {
                Log.NotStoredYet(logger, error, provider, connection);
            }
        }
    }

    private async Task WriteAsync(NpgsqlConnection session, string provider, string connection, byte[] token)
    {
        await using var batch = new NpgsqlBatch(session);
        batch.Add("""
            INSERT INTO ledger.provider_tokens (provider, connection_id, sealed, updated_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (provider, connection_id) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at
            """).With(provider).With(connection).With(token, NpgsqlDbType.Bytea).With(clock.GetUtcNow());
        await batch.ExecuteAsync(CancellationToken.None);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Provider} {Connection}: the configured refresh token is another one; what was stored under the former is not used")]
        public static partial void StartsAnew(ILogger logger, string provider, string connection);

        [LoggerMessage(LogLevel.Warning, "{Provider} {Connection}: the new refresh token could not be stored; trying again")]
        public static partial void NotStoredYet(ILogger logger, Exception error, string provider, string connection);
    }
}
