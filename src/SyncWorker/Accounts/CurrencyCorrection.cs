using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Accounts;

/// <summary>
/// Rows that named no currency took their account's. When that turns out to be another one, they follow, so that the ledger is the same
/// whichever came first. Their minor units stay what the bank sent.
/// </summary>
internal static class CurrencyCorrection
{
    public static async Task RunAsync(NpgsqlConnection connection, AccountState account, AccountChange change, CancellationToken cancellation)
    {
        var corrected = new List<(long Id, decimal Amount)>();
        await using (var find = new NpgsqlBatch(connection))
        {
            find.Add("SELECT id, amount, currency FROM ledger.transactions WHERE account_id = $1 AND currency_assumed AND currency <> $2 ORDER BY id")
                .With(account.Id).With(account.Currency);
            await using var reader = await find.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                corrected.Add((reader.GetInt64(0), Convert(reader.GetDecimal(1), reader.GetString(2), account.Currency!)));
        }

        await using var correct = new NpgsqlBatch(connection);
        correct
            .Add("""
                UPDATE ledger.transactions t SET amount = r.amount, currency = $1, revision = t.revision + 1, delivery_id = $2, recorded_at = $3
                FROM unnest($4, $5) AS r (id, amount) WHERE t.id = r.id
                RETURNING t.id, t.revision
                """)
            .With(account.Currency).With(change.DeliveryId).With(change.Now)
            .WithEach(corrected, row => row.Id, NpgsqlDbType.Bigint).WithEach(corrected, row => row.Amount, NpgsqlDbType.Numeric);
        correct
            .Add("""
                UPDATE ledger.trades SET currency = $2, revision = revision + 1, delivery_id = $3, recorded_at = $4
                WHERE account_id = $1 AND currency_assumed AND currency <> $2
                RETURNING id, revision
                """)
            .With(account.Id).With(account.Currency).With(change.DeliveryId).With(change.Now);

        await using var changed = await correct.ExecuteReaderAsync(cancellation);
        while (await changed.ReadAsync(cancellation))
            change.Changes.Add("transactions", changed.GetInt64(0), changed.GetInt32(1));
        await changed.NextResultAsync(cancellation);
        while (await changed.ReadAsync(cancellation))
            change.Changes.Add("trades", changed.GetInt64(0), changed.GetInt32(1));
    }

    private static decimal Convert(decimal amount, string from, string to)
    {
        if (!Currencies.TryGetExponent(from, out var exponent))
            throw new InvalidOperationException($"The ledger holds an amount in '{from}', which is no currency with a minor unit.");
        for (var i = 0; i < exponent; i++)
            amount *= 10;
        return Money.FromMinorUnits((long)amount, to).Amount;
    }
}
