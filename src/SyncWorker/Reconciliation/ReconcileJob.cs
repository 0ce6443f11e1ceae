using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Accounts.Keeping;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Reconciliation;

/// <summary>Keeps every account anew: also time alone turns what is settling into drift, and a balance stale.</summary>
internal sealed class ReconcileJob(IDbContextFactory<LedgerDbContext> contexts, IEnumerable<IAccountKeeper> keepers) : IScheduledJob
{
    public string Id => "reconcile";

    public string Description => "Settles pending rows and proves every account against its balances";

    public string DefaultCron => "*/15 * * * *";

    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellation);
        var accounts = await context.Accounts.OrderBy(account => account.Id).Select(account => account.Id).ToListAsync(cancellation);
        foreach (var account in accounts)
        {
            foreach (var keeper in keepers)
                await keeper.KeepAsync(account, cancellation);
        }

        var outcome = await context.Reconciliations.GroupBy(row => row.Status).Select(group => new { Status = group.Key, Count = group.Count() }).ToListAsync(cancellation);
        return outcome.Count == 0 ? "no account" : string.Join(", ", outcome.OrderBy(row => row.Status, StringComparer.Ordinal).Select(row => $"{row.Count} {row.Status}"));
    }
}
