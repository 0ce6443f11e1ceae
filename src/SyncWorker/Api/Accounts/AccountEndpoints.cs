using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Redbark.Sync.Worker.Api.Accounts.History;
using Redbark.Sync.Worker.Api.Paging;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Api.Accounts;

/// <summary><c>/accounts</c></summary>
internal static class AccountEndpoints
{
    public const string Kind = "account";
    private const string IdIs = "The ledger's id of the account.";

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
        accounts.MapGet("/{id}/history", HistoryAsync)
            .WithSummary("Reads how an account's balance went, by the ledger and by its banks")
            .WithDescription("In the account's currency; one step a day, or a month for spans of more than 800 days.")
            .ProducesProblem(400).ProducesProblem(404);
    }

    public static async Task<Results<Ok<Page<AccountResponse>>, ProblemHttpResult>> ListAsync(
        LedgerDbContext ledger,
        [Description("Part of the account's or its bank's name, or one of its ids whole.")] string? text,
        [Description("ISO 4217.")] string? currency,
        [Description("drift, settling, proved or unknown: the worst of the account's proofs, in this order.")] string? status,
        [Description(Page.Limit)] string? limit,
        [Description(Page.After)] string? after,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var filter = new AccountFilter(
            parameters.Literal(nameof(text), text), parameters.Literal(nameof(currency), currency), parameters.OneOf(nameof(status), status, AccountReader.Statuses));
        var most = parameters.Limit(limit);
        var cursor = parameters.After<IdCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;

        var accounts = AccountReader.Where(ledger, filter);
        if (cursor is not null)
            accounts = accounts.Where(account => account.Id > cursor.Id);
        var rows = await AccountReader.ReadAsync(ledger, accounts.OrderBy(account => account.Id).Take(most + 1), cancellation);
        return TypedResults.Ok(Page.Of(rows, most, row => row, row => new IdCursor(row.Id)));
    }

    public static async Task<Results<Ok<AccountResponse>, ProblemHttpResult>> GetAsync(
        LedgerDbContext ledger, [Description(IdIs)] string id, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id);
        if (parameters.Problem is { } problem)
            return problem;

        var found = await AccountReader.ReadAsync(ledger, ledger.Accounts.Where(account => account.Id == number), cancellation);
        return found is [var account] ? TypedResults.Ok(account) : ApiProblem.Unknown(Kind, id);
    }

    private static async Task<Results<Ok<BalanceHistoryResponse>, ProblemHttpResult>> HistoryAsync(
        BalanceHistoryReader reader,
        [Description(IdIs)] string id,
        [Description("The first day; 90 days before the last where it is missing.")] string? from,
        [Description("The last day; today where it is missing.")] string? to,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id);
        var (first, last) = (parameters.Day(nameof(from), from), parameters.Day(nameof(to), to));
        if (parameters.Problem is { } problem)
            return problem;
        return await reader.ReadAsync(number.GetValueOrDefault(), first, last, cancellation) is { } history
            ? TypedResults.Ok(BalanceHistoryResponse.Of(history))
            : ApiProblem.Unknown(Kind, id);
    }
}
