using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Api.Accounts;

/// <summary>What an account's transactions in one currency come to.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Posted">Sum of those that count as posted: as text, because a sum may be longer than <see cref="decimal"/>.</param>
/// <param name="Count">All rows, also those that another took the place of.</param>
/// <param name="PostedCount">Those that count as posted.</param>
/// <param name="Pending">Those that are still pending.</param>
internal sealed record AccountBalance(long AccountId, string Currency, string Posted, long Count, long PostedCount, long Pending);

/// <summary>Adds up the totals that the ledger keeps, not its rows.</summary>
internal static class AccountBalances
{
    public static async Task<ILookup<long, AccountBalance>> ReadAsync(LedgerDbContext ledger, IReadOnlyList<long> accounts, CancellationToken cancellation)
    {
        var balances = await ledger.EntryTotals
            .Where(total => accounts.Contains(total.AccountId))
            .GroupBy(total => new { total.AccountId, total.Currency })
            .Select(group => new AccountBalance(
                group.Key.AccountId,
                group.Key.Currency,
                group.Sum(total => total.Status == "posted" ? total.Amount : 0m).ToString(),
                group.Sum(total => total.Rows),
                group.Sum(total => total.Status == "posted" ? total.Rows : 0),
                group.Sum(total => total.Status == "pending" ? total.Rows : 0)))
            .ToListAsync(cancellation);
        return balances.ToLookup(balance => balance.AccountId);
    }
}
