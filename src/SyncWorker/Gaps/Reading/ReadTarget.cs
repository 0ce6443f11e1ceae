using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Accounts;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Gaps.Reading;

/// <summary>An account to be read by REST, and what the ledger knows of it.</summary>
internal sealed record ReadTarget(
    long ProviderAccountId, string ConnectionId, string ExternalId, bool IsBrokerage, string? ListedCurrency, long? AccountId, string? PublicId, string? Currency,
    string TimeZone)
{
    public string Type => IsBrokerage ? EventTypes.TradesSynced : EventTypes.TransactionsSynced;
}

/// <summary>What one account's read brought.</summary>
/// <param name="Target">The account.</param>
/// <param name="Days">How many days were read.</param>
/// <param name="Counts">How often rows were counted to find them.</param>
/// <param name="NotOlderThan">The earliest time that the data may be from.</param>
/// <param name="Rows">Rows that were read.</param>
/// <param name="Applied">Rows that entered the ledger or changed it.</param>
/// <param name="Deliveries">How they entered.</param>
/// <param name="TruncatedDays">Days that hold more rows than could be reached.</param>
/// <param name="Unusable">Reason to count of rows that could not be used.</param>
internal sealed record AccountHealing(
    ReadTarget Target, int Days, int Counts, DateTimeOffset NotOlderThan, int Rows, int Applied, IReadOnlyList<Guid> Deliveries, IReadOnlyList<DateOnly> TruncatedDays,
    Dictionary<string, int> Unusable);

/// <summary>Finds the accounts that are to be read.</summary>
internal static class ReadTargets
{
    public static async Task<List<ReadTarget>> OfAsync(NpgsqlConnection connection, ReadScope scope, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch
            .Add("""
                SELECT p.id, p.connection_id, p.external_id, p.is_brokerage, p.currency, a.id, a.public_id, a.currency::text,
                    coalesce((SELECT d.time_zone FROM ledger.deliveries d WHERE d.received_at = a.last_delivery_at LIMIT 1),
                        (SELECT d.time_zone FROM ledger.deliveries d WHERE d.feed = $2 ORDER BY d.received_at DESC LIMIT 1), 'UTC')
                FROM ledger.provider_accounts p LEFT JOIN ledger.accounts a ON a.provider = $1 AND a.external_id = p.external_id
                WHERE p.provider = $1 AND p.gone_at IS NULL AND ($3 IS NULL OR a.id = $3) AND ($4 IS NULL OR p.is_brokerage = $4)
                    AND ($5 OR NOT p.is_brokerage OR EXISTS (SELECT FROM ledger.trades t WHERE t.account_id = a.id))
                ORDER BY p.id
                """)
            .With(AccountStore.Provider).With(scope.Feed).With(scope.AccountId).With<object>((object?)scope.IsBrokerage ?? DBNull.Value, NpgsqlDbType.Boolean)
            // The plan may have no brokerage: who never got trades is not asked for them.
            .With(scope.WithoutTrades, NpgsqlDbType.Boolean);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var targets = new List<ReadTarget>();
        while (await reader.ReadAsync(cancellation))
        {
            targets.Add(new ReadTarget(
                reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3), reader.Value<string>(4), reader.Number<long>(5),
                reader.Value<string>(6), reader.Value<string>(7), reader.GetString(8)));
        }

        return targets;
    }
}
