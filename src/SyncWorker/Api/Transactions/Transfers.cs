using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Api.Transactions;

/// <summary>Rows of two own accounts that are one transfer, by the rule of the export: opposite, exact, in one currency, and of their amount and day the only two.</summary>
internal static class Transfers
{
    public static async Task<Entry?> OtherSideAsync(LedgerDbContext ledger, Entry side, CancellationToken cancellation)
    {
        if (!side.CountsAsPosted || side.Amount == 0)
            return null;

        // Account by account, because rows are found by account and day.
        var same = await (from account in ledger.Accounts
                          from entry in ledger.Entries.Where(entry => entry.AccountId == account.Id && entry.BookedOn == side.BookedOn && entry.CountsAsPosted
                              && entry.Currency == side.Currency && (entry.Amount == side.Amount || entry.Amount == -side.Amount))
                          where entry.Id != side.Id
                          orderby entry.Amount, entry.Id
                          select entry).Take(2).ToListAsync(cancellation);
        return same is [var other] && other.Amount == -side.Amount && other.AccountId != side.AccountId ? other : null;
    }
}
