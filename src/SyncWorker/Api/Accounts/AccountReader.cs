using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Balances.Schema;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Reconciliation.Schema;

namespace Redbark.Sync.Worker.Api.Accounts;

/// <summary>Reads accounts with their sums and proofs.</summary>
internal static class AccountReader
{
    /// <summary>What an account's proofs come to, the worst first.</summary>
    public static readonly string[] Statuses = ["drift", "settling", "proved", "unknown"];

    public static IQueryable<Account> Where(LedgerDbContext ledger, AccountFilter filter)
    {
        IQueryable<Account> accounts = ledger.Accounts;
        if (filter.Text is { } text)
        {
            var pattern = Like.Containing(text);
            accounts = accounts.Where(account =>
                EF.Functions.ILike(account.Name!, pattern, Like.Escape) || account.PublicId == text || account.ExternalId == text
                || Sources(ledger).Any(source => source.AccountId == account.Id && (EF.Functions.ILike(source.Name!, pattern, Like.Escape)
                    || ledger.Connections.Any(connection => connection.Provider == source.Provider && connection.ConnectionId == source.ConnectionId
                        && EF.Functions.ILike(connection.Institution!, pattern, Like.Escape)))));
        }

        if (filter.Currency is { } currency)
            accounts = accounts.Where(account => account.Currency == currency);
        if (filter.Status is not { } status)
            return accounts;

        string[] worse = [.. Statuses.TakeWhile(other => other != status)];
        return accounts.Where(account => !ledger.Reconciliations.Any(proof => proof.AccountId == account.Id && worse.Contains(proof.Status))
            && (status == "unknown" || ledger.Reconciliations.Any(proof => proof.AccountId == account.Id && proof.Status == status)));
    }

    /// <summary>Those of <paramref name="accounts"/>, in its order.</summary>
    public static async Task<List<AccountResponse>> ReadAsync(LedgerDbContext ledger, IQueryable<Account> accounts, CancellationToken cancellation)
    {
        var rows = await accounts.Select(account => new
        {
            Account = account,
            Institution = (from source in Sources(ledger)
                           join connection in ledger.Connections on new { source.Provider, source.ConnectionId } equals new { connection.Provider, connection.ConnectionId }
                           where source.AccountId == account.Id && connection.Institution != null
                           orderby source.Id
                           select connection.Institution).FirstOrDefault(),
            Feed = ledger.Deliveries.Where(delivery => delivery.ReceivedAt == account.LastDeliveryAt).Select(delivery => delivery.Feed).FirstOrDefault(),
            First = ledger.Transactions.Where(transaction => transaction.AccountId == account.Id).Min(transaction => (DateOnly?)transaction.BookedOn),
            Newest = ledger.Transactions.Where(transaction => transaction.AccountId == account.Id).Max(transaction => (DateOnly?)transaction.BookedOn),
        }).ToListAsync(cancellation);

        long[] ids = [.. rows.Select(row => row.Account.Id)];
        var balances = await AccountBalances.ReadAsync(ledger, ids, cancellation);
        var proofs = (await (from proof in ledger.Reconciliations
                             join source in ledger.ProviderAccounts on proof.ProviderAccountId equals source.Id into sources
                             from source in sources.DefaultIfEmpty()
                             where ids.Contains(proof.AccountId)
                             orderby proof.ProviderAccountId, proof.Subject
                             select new { Proof = proof, Provider = source == null ? null : source.Provider }).ToListAsync(cancellation))
            .ToLookup(row => row.Proof.AccountId);
        return [.. rows.Select(row => ToResponse(
            row.Account, balances[row.Account.Id], row.Institution, row.Feed, row.First, row.Newest,
            proofs[row.Account.Id].MinBy(proof => Array.IndexOf(Statuses, proof.Proof.Status)) is { } worst ? AccountProofOf(worst.Proof, worst.Provider) : null))];
    }

    private static IQueryable<ListedAccount> Sources(LedgerDbContext ledger) => ledger.ProviderAccounts.Where(source => source.GoneAt == null);

    private static AccountProof AccountProofOf(Reconciled proof, string? provider)
    {
        var currency = proof.Subject.Length == 0 ? proof.Currency : null;
        return new AccountProof(
            proof.Status, proof.Cause, provider, proof.Subject.Length == 0 ? null : proof.Subject, Amount(proof.Expected), Amount(proof.Actual), Amount(proof.Drift),
            proof.Since, proof.ObservedAt?.UtcDateTime);

        string? Amount(decimal? amount) => currency is null ? DecimalText.Of(amount) : DecimalText.OfMoney(amount, currency);
    }

    private static AccountResponse ToResponse(
        Account account, IEnumerable<AccountBalance> inCurrencies, string? institution, string? feed, DateOnly? first, DateOnly? newest, AccountProof? proof)
    {
        var balances = inCurrencies.ToList();
        var own = balances.Find(balance => balance.Currency == account.Currency);
        return new AccountResponse(
            account.Id,
            account.Provider,
            account.ExternalId,
            account.PublicId,
            account.Name,
            account.Currency,
            account.Currency is null ? null : DecimalText.OfMoney(own?.Posted ?? "0", account.Currency),
            [.. balances
                .Where(balance => balance != own && balance.PostedCount > 0)
                .OrderBy(balance => balance.Currency, StringComparer.Ordinal)
                .Select(balance => new CurrencyBalance(balance.Currency, DecimalText.OfMoney(balance.Posted, balance.Currency)))],
            balances.Sum(balance => balance.Count),
            balances.Sum(balance => balance.Pending),
            account.FirstSeenAt.UtcDateTime,
            account.LastDeliveryAt.UtcDateTime,
            institution,
            feed,
            first,
            newest,
            proof);
    }
}
