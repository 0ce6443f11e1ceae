using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Api.Accounts;
using Redbark.Sync.Worker.Api.Paging;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Api.Transactions;

/// <summary><c>/accounts/{id}/transactions</c> and <c>/transactions</c></summary>
internal static class TransactionEndpoints
{
    public const string Kind = "transaction";
    private const string IdIs = "The ledger's id of the transaction.";

    public static void MapTransactions(this RouteGroupBuilder api)
    {
        api.MapGet("/accounts/{id}/transactions", ListAsync).WithTags("Transactions")
            .WithSummary("Lists an account's transactions")
            .WithDescription("The newest booking date first, and the highest id first within a day.")
            .ProducesProblem(400).ProducesProblem(404);

        var transactions = api.MapGroup("/transactions").WithTags("Transactions");
        transactions.MapGet("/{id}", GetAsync)
            .WithSummary("Reads a transaction")
            .ProducesProblem(400).ProducesProblem(404);
        transactions.MapGet("/{id}/transfer", TransferAsync)
            .WithSummary("Reads the other side of a transfer between own accounts")
            .WithDescription("The row of another account that is booked on the same day with the opposite amount, where the two are the only ones of that amount.")
            .ProducesProblem(400).ProducesProblem(404);
        transactions.MapGet("/{id}/revisions", ListRevisionsAsync)
            .WithSummary("Lists the versions of a transaction")
            .WithDescription("The newest first; each names the delivery that it came from.")
            .ProducesProblem(400).ProducesProblem(404);
    }

    public static async Task<Results<Ok<Page<TransactionResponse>>, ProblemHttpResult>> ListAsync(
        LedgerDbContext ledger,
        [Description("The ledger's id of the account.")] string id,
        [Description("The first booking date.")] string? from,
        [Description("The last booking date.")] string? to,
        [Description("pending or posted, as the bank sent it.")] string? status,
        [Description("posted, pending, hold, settled or expired: what it counts as.")] string? effectiveStatus,
        [Description("Part of the narration, the merchant or the reference, or the provider's id whole.")] string? text,
        [Description("The least amount; negative is money out.")] string? min,
        [Description("The most.")] string? max,
        [Description("The provider's class, exactly.")] string? @class,
        [Description(Page.Limit)] string? limit,
        [Description(Page.After)] string? after,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var account = parameters.Number(nameof(id), id);
        var filter = new TransactionFilter
        {
            From = parameters.Day(nameof(from), from),
            To = parameters.Day(nameof(to), to),
            Status = parameters.OneOf(nameof(status), status, TransactionFilter.Statuses),
            EffectiveStatus = parameters.OneOf(nameof(effectiveStatus), effectiveStatus, TransactionFilter.EffectiveStatuses),
            Text = parameters.Literal(nameof(text), text),
            Min = parameters.Amount(nameof(min), min),
            Max = parameters.Amount(nameof(max), max),
            Class = parameters.Literal(nameof(@class), @class),
        };
        var most = parameters.Limit(limit);
        var cursor = parameters.After<DayCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;

        var transactions = filter.Apply(ledger.Entries.Where(transaction => transaction.AccountId == account));
        if (cursor is not null)
        {
            transactions = transactions.Where(transaction => EF.Functions.LessThan(
                ValueTuple.Create(transaction.BookedOn, transaction.Id), ValueTuple.Create(cursor.Day, cursor.Id)));
        }

        var rows = await transactions
            .OrderByDescending(transaction => transaction.BookedOn).ThenByDescending(transaction => transaction.Id)
            .Take(most + 1).ToListAsync(cancellation);
        if (rows.Count == 0 && !await ledger.Accounts.AnyAsync(row => row.Id == account, cancellation))
            return ApiProblem.Unknown(AccountEndpoints.Kind, id);
        return TypedResults.Ok(Page.Of(rows, most, TransactionResponse.Of, row => new DayCursor(row.BookedOn, row.Id)));
    }

    public static async Task<Results<Ok<TransactionResponse>, ProblemHttpResult>> GetAsync(
        LedgerDbContext ledger, [Description(IdIs)] string id, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id);
        if (parameters.Problem is { } problem)
            return problem;

        var transaction = await ledger.Entries.SingleOrDefaultAsync(row => row.Id == number, cancellation);
        return transaction is null ? ApiProblem.Unknown(Kind, id) : TypedResults.Ok(TransactionResponse.Of(transaction));
    }

    public static async Task<Results<Ok<TransactionResponse>, ProblemHttpResult>> TransferAsync(
        LedgerDbContext ledger, [Description(IdIs)] string id, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id);
        if (parameters.Problem is { } problem)
            return problem;

        var transaction = await ledger.Entries.SingleOrDefaultAsync(row => row.Id == number, cancellation);
        if (transaction is null)
            return ApiProblem.Unknown(Kind, id);
        return await Transfers.OtherSideAsync(ledger, transaction, cancellation) is { } other ? TypedResults.Ok(TransactionResponse.Of(other)) : ApiProblem.Unknown("transfer", id);
    }

    public static async Task<Results<Ok<Page<TransactionRevision>>, ProblemHttpResult>> ListRevisionsAsync(
        LedgerDbContext ledger,
        [Description(IdIs)] string id,
        [Description(Page.Limit)] string? limit,
        [Description(Page.After)] string? after,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id);
        var most = parameters.Limit(limit);
        var cursor = parameters.After<RevisionCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;

        var versions = ledger.TransactionVersions.Where(version => version.TransactionId == number);
        if (cursor is not null)
            versions = versions.Where(version => version.Revision < cursor.Revision);
        var rows = await versions.OrderByDescending(version => version.Revision).Take(most + 1).ToListAsync(cancellation);
        return rows.Count == 0 && cursor is null
            ? ApiProblem.Unknown(Kind, id)
            : TypedResults.Ok(Page.Of(rows, most, TransactionRevision.Of, row => new RevisionCursor(row.Revision)));
    }
}
