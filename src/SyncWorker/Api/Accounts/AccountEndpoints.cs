using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Api.Paging;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Api.Accounts;

/// <summary><c>/accounts</c></summary>
internal static class AccountEndpoints
{
    public const string Kind = "account";

    public static void MapAccounts(this RouteGroupBuilder api)
    {
        var accounts = api.MapGroup("/accounts").WithTags("Accounts");
        accounts.MapGet("", ListAsync)
            .WithSummary("Lists the accounts")
            .WithDescription("Ordered by id. Each comes with the balance that follows from its posted transactions.")
            .ProducesProblem(400);
        accounts.MapGet("/{id}", GetAsync)
            .WithSummary("Reads an account")
            .ProducesProblem(400).ProducesProblem(404);
    }

    private static async Task<Results<Ok<Page<AccountResponse>>, ProblemHttpResult>> ListAsync(
        LedgerDbContext ledger,
        [Description(Page.Limit)] string? limit,
        [Description(Page.After)] string? after,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var most = parameters.Limit(limit);
        var cursor = parameters.After<IdCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;

        IQueryable<Account> accounts = ledger.Accounts;
        if (cursor is not null)
            accounts = accounts.Where(account => account.Id > cursor.Id);
        var rows = await accounts.OrderBy(account => account.Id).Take(most + 1).ToListAsync(cancellation);
        var balances = await AccountBalances.ReadAsync(ledger, rows, cancellation);
        return TypedResults.Ok(Page.Of(rows, most, account => ToResponse(account, balances[account.Id]), account => new IdCursor(account.Id)));
    }

    private static async Task<Results<Ok<AccountResponse>, ProblemHttpResult>> GetAsync(
        LedgerDbContext ledger, [Description("The ledger's id of the account.")] string id, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id);
        if (parameters.Problem is { } problem)
            return problem;

        var account = await ledger.Accounts.SingleOrDefaultAsync(account => account.Id == number, cancellation);
        if (account is null)
            return ApiProblem.Unknown(Kind, id);
        var balances = await AccountBalances.ReadAsync(ledger, [account], cancellation);
        return TypedResults.Ok(ToResponse(account, balances[account.Id]));
    }

    private static AccountResponse ToResponse(Account account, IEnumerable<AccountBalance> inCurrencies)
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
            account.LastDeliveryAt.UtcDateTime);
    }
}
