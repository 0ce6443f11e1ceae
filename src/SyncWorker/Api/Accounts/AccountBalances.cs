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

/// <summary>Adds transactions up where they are stored.</summary>
internal static class AccountBalances
{
    public static async Task<ILookup<long, AccountBalance>> ReadAsync(LedgerDbContext ledger, IReadOnlyList<Account> accounts, CancellationToken cancellation)
    {
        var ids = accounts.Select(account => account.Id).ToArray();
        var balances = await ledger.Entries
            .Where(transaction => ids.Contains(transaction.AccountId))
            .GroupBy(transaction => new { transaction.AccountId, transaction.Currency })
            .Select(group => new AccountBalance(
                group.Key.AccountId,
                group.Key.Currency,
                group.Sum(transaction => transaction.CountsAsPosted ? transaction.Amount : 0m).ToString(),
                group.LongCount(),
                group.LongCount(transaction => transaction.CountsAsPosted),
                group.LongCount(transaction => transaction.EffectiveStatus == "pending")))
            .ToListAsync(cancellation);
        return balances.ToLookup(balance => balance.AccountId);
    }
}
