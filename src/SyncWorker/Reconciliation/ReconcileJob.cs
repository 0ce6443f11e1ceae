using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Accounts.Keeping;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Reconciliation;

/// <summary>
/// Keeps every account anew: also time alone turns what is settling into drift, and a balance stale. An account that fails does not stop the
/// others; the job fails with it in the end.
/// </summary>
internal sealed partial class ReconcileJob(
    IDbContextFactory<LedgerDbContext> contexts, IEnumerable<IAccountKeeper> keepers, ILogger<ReconcileJob> logger) : IScheduledJob
{
    public string Id => "reconcile";

    public string Description => "Settles pending rows and proves every account against its balances";

    public string DefaultCron => "*/15 * * * *";

    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellation);
        var accounts = await context.Accounts.OrderBy(account => account.Id).Select(account => account.Id).ToListAsync(cancellation);
        var failures = new List<(long Account, Exception Error)>();
        foreach (var account in accounts)
        {
            try
            {
                foreach (var keeper in keepers)
                    await keeper.KeepAsync(account, cancellation);
            }
            catch (Exception error) when (!cancellation.IsCancellationRequested && !TransientFaults.IsTransient(error))
            {
                // A database that is away fails every account: then there is no use in going on.
                Log.Failed(logger, error, account);
                failures.Add((account, error));
            }
        }

        var outcome = await context.Reconciliations.GroupBy(row => row.Status).Select(group => new { Status = group.Key, Count = group.Count() }).ToListAsync(cancellation);
        var result = outcome.Count == 0 ? "no account" : string.Join(", ", outcome.OrderBy(row => row.Status, StringComparer.Ordinal).Select(row => $"{row.Count} {row.Status}"));
        return failures is not [var first, ..] ? result : throw new InvalidOperationException(
            $"{failures.Count} of {Counted.Of(accounts.Count, "account")} could not be proved, the first of them account {first.Account}: {first.Error.Message} ({result})", first.Error);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Account {Account} could not be settled and proved; the others are")]
        public static partial void Failed(ILogger logger, Exception error, long account);
    }
}
