using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Worker.Accounts;
using Redbark.Sync.Worker.Accounts.Keeping;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Settlement;

/// <summary>Gives up what nothing settled in time. A reversed authorisation simply never settles, and no delete is ever sent (spec 2.4).</summary>
internal sealed class ExpirePendingJob(
    NpgsqlDataSource database, DatabaseReadiness readiness, SettlementService settlements, IOptions<SettlementOptions> options, AccountSignal signal, TimeProvider clock)
    : IScheduledJob
{
    public string Id => "expire-pending";

    public string Description => "Gives up pending rows and holds that nothing settled in time";

    public string DefaultCron => "20 * * * *";

    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        await readiness.WaitAsync(cancellation);
        var (rows, accounts) = (0, new List<long>());
        foreach (var account in await DueAsync(cancellation))
        {
            if (await settlements.SettleAsync(account, cancellation) is not { Any: true } change)
                continue;
            rows += change.Expired;
            accounts.Add(account);
        }

        if (accounts.Count > 0)
        {
            await using var connection = await database.OpenConnectionAsync(cancellation);
            await using var batch = new NpgsqlBatch(connection);
            AccountChanges.Add(batch, [.. accounts]);
            await batch.ExecuteAsync(cancellation);
            signal.Wake();
        }

        return $"{Counted.Of(rows, "row")} expired in {Counted.Of(accounts.Count, "account")}";
    }

    private async Task<List<long>> DueAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch
            .Add("""
                SELECT DISTINCT t.account_id FROM ledger.transactions t LEFT JOIN ledger.settlements s ON s.row_id = t.id
                WHERE t.status = 'pending' AND t.booked_on <= $1 AND s.row_id IS NULL
                UNION
                SELECT t.account_id FROM ledger.settlements s JOIN ledger.transactions t ON t.id = s.row_id WHERE s.kind = 'hold' AND t.booked_on <= $1
                ORDER BY 1
                """)
            .With(DateOnly.FromDateTime((clock.GetUtcNow() - options.Value.ExpireAfter).UtcDateTime), NpgsqlDbType.Date);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var accounts = new List<long>();
        while (await reader.ReadAsync(cancellation))
            accounts.Add(reader.GetInt64(0));
        return accounts;
    }
}
