using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Api.Accounts;

/// <summary>What an account's transactions in one currency come to.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Posted">Sum of the posted ones: as text, because a sum may be longer than <see cref="decimal"/>.</param>
/// <param name="Count">Posted and pending ones.</param>
/// <param name="Pending">Pending ones.</param>
internal sealed record AccountBalance(long AccountId, string Currency, string Posted, long Count, long Pending);

/// <summary>Adds transactions up where they are stored.</summary>
internal static class AccountBalances
{
    public static async Task<ILookup<long, AccountBalance>> ReadAsync(LedgerDbContext ledger, IReadOnlyList<Account> accounts, CancellationToken cancellation)
    {
        var ids = accounts.Select(account => account.Id).ToArray();
        var balances = await ledger.Transactions
            .Where(transaction => ids.Contains(transaction.AccountId))
            .GroupBy(transaction => new { transaction.AccountId, transaction.Currency })
            .Select(group => new AccountBalance(
                group.Key.AccountId,
                group.Key.Currency,
                group.Sum(transaction => transaction.Status == "posted" ? transaction.Amount : 0m).ToString(),
                group.LongCount(),
                group.LongCount(transaction => transaction.Status == "pending")))
            .ToListAsync(cancellation);
        return balances.ToLookup(balance => balance.AccountId);
    }
}
