using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Accounts.Keeping;

/// <summary>
/// Drains <c>account_changes</c>: each account that stands there, however often, goes through all keepers once. An entry goes in the
/// transaction that read it, after that; what failed is put back at the end.
/// </summary>
internal sealed partial class AccountKeeper(
    NpgsqlDataSource database, DatabaseReadiness readiness, IEnumerable<IAccountKeeper> keepers, AccountSignal signal, TimeProvider clock,
    ILogger<AccountKeeper> logger) : BackgroundService
{
    private const int EntriesAtOnce = 500;

    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly IAccountKeeper[] _keepers = [.. keepers];

    /// <summary>Keeps the accounts of one batch of entries.</summary>
    public async Task<KeptAccounts> KeepAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var (entries, accounts) = await TakeAsync(connection, cancellation);
        if (entries.Count == 0)
            return new KeptAccounts(0, 0, false);

        var failed = new List<long>();
        foreach (var account in accounts)
        {
            try
            {
                foreach (var keeper in _keepers)
                    await keeper.KeepAsync(account, cancellation);
            }
            catch (Exception error) when (!cancellation.IsCancellationRequested && !TransientFaults.IsTransient(error))
            {
                // One account's trouble is not the others': it is put back, and they go on.
                Log.Failed(logger, error, account);
                failed.Add(account);
            }
        }

        await using var batch = new NpgsqlBatch(connection);
        batch.Add("DELETE FROM ledger.account_changes WHERE id = ANY ($1)").WithEach(entries, id => id, NpgsqlDbType.Bigint);
        if (failed.Count > 0)
            AccountChanges.Add(batch, [.. failed]);
        batch.Add("SELECT ledger.fold_totals()");
        await batch.ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return new KeptAccounts(accounts.Count - failed.Count, failed.Count, entries.Count == EntriesAtOnce);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.WaitAsync(stoppingToken);
        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                var kept = await KeepAsync(stoppingToken);
                failures = kept.Failed > 0 ? failures + 1 : 0;
                if (failures > 0)
                    await Task.Delay(Backoff.After(failures, LongestWait), clock, stoppingToken);
                else if (!kept.HasMore)
                    await signal.WaitAsync(LookAnyway, clock, stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is, the entries are still there, and nothing else can be done with them than to try again.
                Log.Away(logger, error, ++failures);
                await Task.Delay(Backoff.After(failures, LongestWait), clock, stoppingToken);
            }
        }
    }

    private static async Task<(List<long> Entries, SortedSet<long> Accounts)> TakeAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("SELECT id, account_ids FROM ledger.account_changes ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED").With(EntriesAtOnce);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var (entries, accounts) = (new List<long>(), new SortedSet<long>());
        while (await reader.ReadAsync(cancellation))
        {
            entries.Add(reader.GetInt64(0));
            accounts.UnionWith(reader.GetFieldValue<long[]>(1));
        }

        return (entries, accounts);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Account {Account} could not be kept up to date; it is tried again")]
        public static partial void Failed(ILogger logger, Exception error, long account);

        [LoggerMessage(LogLevel.Warning, "Accounts could not be kept up to date (attempt {Attempt}); the list of changes waits")]
        public static partial void Away(ILogger logger, Exception error, int attempt);
    }
}

/// <summary>What one pass did.</summary>
/// <param name="Kept">Accounts that are up to date.</param>
/// <param name="Failed">Accounts that were put back.</param>
/// <param name="HasMore">More entries may be waiting.</param>
internal sealed record KeptAccounts(int Kept, int Failed, bool HasMore);
