using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Balances.Store;

/// <summary>
/// Keeps the log of calls in the database: a window that rolls, not a counter that is set back, because that is how a bank counts
/// (open-banking-balances 5). A lock for each key makes it exact, however many workers ask at once.
/// </summary>
internal sealed class PostgresCallBudget(NpgsqlDataSource database, TimeProvider clock) : ICallBudget
{
    private const string IsKey = "(provider, connection_id, account_id, endpoint) = ($1, $2, $3, $4)";

    public async Task<DateTimeOffset?> TakeAsync(CallKey key, int most, TimeSpan window, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(window, TimeSpan.Zero);

        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        AddLock(batch, key);
        WithKey(batch.Add($"DELETE FROM ledger.provider_calls WHERE {IsKey} AND called_at <= $5"), key).With(now - window);
        // The call that makes room is the most-th newest: in most cases the oldest, an earlier one where the limit was lowered.
        WithKey(batch.Add($"""
            WITH blocked AS (
                SELECT greatest(
                    (SELECT max(not_before) FROM ledger.provider_holds
                        WHERE provider = $1 AND connection_id IN ($2, '') AND account_id IN ($3, '') AND endpoint IN ($4, '') AND not_before > $5),
                    (SELECT called_at + $6 FROM ledger.provider_calls WHERE {IsKey} ORDER BY called_at DESC OFFSET $7 LIMIT 1)) AS until
            ), taken AS (
                INSERT INTO ledger.provider_calls (provider, connection_id, account_id, endpoint, called_at)
                SELECT $1, $2, $3, $4, $5 FROM blocked WHERE until IS NULL
            )
            SELECT until FROM blocked
            """), key).With(now).With(window, NpgsqlDbType.Interval).With(most - 1);

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return reader.Time(0);
    }

    public async Task RefundAsync(CallKey key, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        AddLock(batch, key);
        WithKey(batch.Add($"DELETE FROM ledger.provider_calls WHERE id = (SELECT id FROM ledger.provider_calls WHERE {IsKey} ORDER BY called_at DESC, id DESC LIMIT 1)"), key);
        await batch.ExecuteAsync(cancellation);
    }

    public async Task HoldAsync(CallKey key, DateTimeOffset notBefore, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        WithKey(batch.Add("""
            INSERT INTO ledger.provider_holds AS h (provider, connection_id, account_id, endpoint, not_before) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (provider, connection_id, account_id, endpoint) DO UPDATE SET not_before = greatest(h.not_before, excluded.not_before)
            """), key).With(notBefore);
        await batch.ExecuteAsync(cancellation);
    }

    // The statements of a batch are one transaction, and each sees what was committed before it began: here, before the lock was had.
    private static void AddLock(NpgsqlBatch batch, CallKey key) =>
        WithKey(batch.Add("SELECT pg_advisory_xact_lock(hashtextextended(array_to_json(ARRAY['ledger.provider_calls', $1, $2, $3, $4])::text, 0))"), key);

    private static NpgsqlBatchCommand WithKey(NpgsqlBatchCommand command, CallKey key) =>
        command.With(key.Provider).With(key.ConnectionId).With(key.AccountId).With(key.Endpoint);
}
