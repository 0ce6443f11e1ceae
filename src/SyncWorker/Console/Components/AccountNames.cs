using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Console.Components;

/// <summary>What accounts are called, for lists of what belongs to them.</summary>
internal static class AccountNames
{
    /// <summary>Only those that have a name.</summary>
    public static async Task<Dictionary<long, string>> ReadAsync(LedgerDbContext ledger, IEnumerable<long> accounts, CancellationToken cancellation)
    {
        long[] ids = [.. accounts.Distinct()];
        return ids.Length == 0 ? [] : await ledger.Accounts.Where(account => ids.Contains(account.Id) && !string.IsNullOrWhiteSpace(account.Name))
            .ToDictionaryAsync(account => account.Id, account => account.Name!, cancellation);
    }
}
