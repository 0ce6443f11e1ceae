using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Tests.Support;

/// <summary>Applies the whole archive again; into an emptied ledger that is a rebuild.</summary>
internal static class Rebuilding
{
    public static async Task ReplayAllAsync(this WorkerUnderTest worker)
    {
        var mode = await worker.Replayer.ModeAsync(CancellationToken.None);
        await using var context = await worker.Get<IDbContextFactory<LedgerDbContext>>().CreateDbContextAsync(CancellationToken.None);
        foreach (var id in await context.Deliveries.OrderBy(delivery => delivery.ReceivedAt).ThenBy(delivery => delivery.Id).Select(delivery => delivery.Id).ToListAsync())
            await worker.Replayer.ReplayAsync(id, mode, CancellationToken.None);
    }
}
