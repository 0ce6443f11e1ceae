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
            .WithDescription("Ordered by id. Each comes with the balance that follows from its posted transactions, and with how it stands against its bank.")
            .ProducesProblem(400);
        accounts.MapGet("/{id}", GetAsync)
            .WithSummary("Reads an account")
            .ProducesProblem(400).ProducesProblem(404);
    }

    private static async Task<Results<Ok<Page<AccountResponse>>, ProblemHttpResult>> ListAsync(
        LedgerDbContext ledger,
        [Description("Part of the account's or its bank's name, or one of its ids whole.")] string? text,
        [Description("ISO 4217.")] string? currency,
        [Description("drift, settling, proved or unknown: the worst of the account's proofs, in this order.")] string? status,
        [Description(Page.Limit)] string? limit,
        [Description(Page.After)] string? after,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var filter = Filter(parameters, text, currency, status);
        var most = parameters.Limit(limit);
        var cursor = parameters.After<IdCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;
        return TypedResults.Ok(await ReadAsync(ledger, filter, most, cursor, cancellation));
    }

    public static AccountFilter Filter(Parameters parameters, string? text, string? currency, string? status) => new(
        parameters.Literal(nameof(text), text), parameters.Literal(nameof(currency), currency), parameters.OneOf(nameof(status), status, AccountReader.Statuses));

    public static async Task<Page<AccountResponse>> ReadAsync(
        LedgerDbContext ledger, AccountFilter filter, int most, IdCursor? cursor, CancellationToken cancellation)
    {
        var accounts = AccountReader.Where(ledger, filter);
        if (cursor is not null)
            accounts = accounts.Where(account => account.Id > cursor.Id);
        var rows = await AccountReader.ReadAsync(ledger, accounts.OrderBy(account => account.Id).Take(most + 1), cancellation);
        return Page.Of(rows, most, row => row, row => new IdCursor(row.Id));
    }

    private static async Task<Results<Ok<AccountResponse>, ProblemHttpResult>> GetAsync(
        LedgerDbContext ledger, [Description("The ledger's id of the account.")] string id, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id);
        if (parameters.Problem is { } problem)
            return problem;
        return await FindAsync(ledger, number.GetValueOrDefault(), cancellation) is { } account ? TypedResults.Ok(account) : ApiProblem.Unknown(Kind, id);
    }

    public static async Task<AccountResponse?> FindAsync(LedgerDbContext ledger, long id, CancellationToken cancellation) =>
        (await AccountReader.ReadAsync(ledger, ledger.Accounts.Where(account => account.Id == id), cancellation)).SingleOrDefault();
}
