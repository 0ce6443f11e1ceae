using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Api.Paging;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Api.Transactions;
using Redbark.Sync.Worker.Audit;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Settlement;

namespace Redbark.Sync.Worker.Api.Settlements;

/// <summary><c>/suggestions</c> and <c>/transactions/{id}/settle-by</c></summary>
internal static class SettlementEndpoints
{
    private const string Kind = "suggestion";

    public static void MapSettlements(this RouteGroupBuilder api)
    {
        var suggestions = api.MapGroup("/suggestions").WithTags("Settlements");
        suggestions.MapGet("", ListAsync)
            .WithSummary("Lists pairs of transactions that may be one payment")
            .WithDescription("The newest first, both rows side by side. What is certain is settled without asking.")
            .ProducesProblem(400);
        suggestions.MapGet("/accepted", LinkedAsync)
            .WithSummary("Lists pairs that people said are one payment")
            .WithDescription("The newest first, both rows side by side. DELETE /transactions/{id}/settle-by/{postedId} takes one back.")
            .ProducesProblem(400);
        suggestions.MapPost("/{id}/accept", AcceptAsync)
            .Audited(AuditAction.AcceptSuggestion, "id")
            .WithSummary("Says that a suggested pair is one payment")
            .WithDescription("The posted transaction takes the pending one's place, also when the ledger is built anew. Answers the pending one.")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        suggestions.MapPost("/{id}/reject", RejectAsync)
            .Audited(AuditAction.RejectSuggestion, "id")
            .WithSummary("Says that a suggested pair is two payments")
            .WithDescription("It is neither suggested nor linked again. Answers the pending transaction.")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);

        var links = api.MapGroup("/transactions/{id}/settle-by/{postedId}").WithTags("Settlements");
        links.MapPost("", LinkAsync)
            .Audited(AuditAction.LinkTransactions, "id", "postedId")
            .WithSummary("Says that a posted transaction settles this one")
            .WithDescription("For a pair that was not suggested: any two of one account and currency, whatever their amounts. What was said otherwise of either goes. Answers this one.")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        links.MapDelete("", UnlinkAsync)
            .Audited(AuditAction.UnlinkTransactions, "id", "postedId")
            .WithSummary("Takes a link back")
            .WithDescription("A person's own is taken back as if it had not been said; one that was made automatically is rejected for good. Answers this transaction.")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<Results<Ok<Page<SuggestionResponse>>, ProblemHttpResult>> ListAsync(
        LedgerDbContext ledger,
        [Description("The ledger's id of an account.")] string? accountId,
        [Description(Page.Limit)] string? limit,
        [Description(Page.After)] string? after,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var account = parameters.Number(nameof(accountId), accountId);
        var most = parameters.Limit(limit);
        var cursor = parameters.After<IdCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;

        return TypedResults.Ok(await ReadAsync(ledger, account, most, cursor, cancellation));
    }

    public static async Task<Page<SuggestionResponse>> ReadAsync(LedgerDbContext ledger, long? account, int most, IdCursor? cursor, CancellationToken cancellation)
    {
        IQueryable<SuggestedSettlement> suggestions = ledger.Suggestions;
        if (account is not null)
            suggestions = suggestions.Where(suggestion => suggestion.AccountId == account);
        if (cursor is not null)
            suggestions = suggestions.Where(suggestion => suggestion.Id < cursor.Id);
        var rows = await (
            from suggestion in suggestions.OrderByDescending(suggestion => suggestion.Id).Take(most + 1)
            join pending in ledger.Entries on suggestion.RowId equals pending.Id
            join posted in ledger.Entries on suggestion.ById equals posted.Id
            orderby suggestion.Id descending
            select new SuggestedPair(suggestion, pending, posted)).ToListAsync(cancellation);
        return Page.Of(rows, most, SuggestionResponse.Of, row => new IdCursor(row.Suggestion.Id));
    }

    private static async Task<Results<Ok<Page<LinkResponse>>, ProblemHttpResult>> LinkedAsync(
        LedgerDbContext ledger, [Description(Page.Limit)] string? limit, [Description(Page.After)] string? after, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var most = parameters.Limit(limit);
        var cursor = parameters.After<LinkCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;

        return TypedResults.Ok(await ReadLinkedAsync(ledger, most, cursor, cancellation));
    }

    public static async Task<Page<LinkResponse>> ReadLinkedAsync(LedgerDbContext ledger, int most, LinkCursor? cursor, CancellationToken cancellation)
    {
        var links = ledger.Settlements.Where(link => link.DecidedBy == SettledRow.Person);
        if (cursor is not null)
        {
            var since = new DateTimeOffset(cursor.Since);
            links = links.Where(link => EF.Functions.LessThan(ValueTuple.Create(link.Since, link.RowId), ValueTuple.Create(since, cursor.Row)));
        }

        var rows = await (
            from link in links.OrderByDescending(link => link.Since).ThenByDescending(link => link.RowId).Take(most + 1)
            join pending in ledger.Entries on link.RowId equals pending.Id
            join posted in ledger.Entries on link.ById equals posted.Id
            orderby link.Since descending, link.RowId descending
            select new LinkedPair(link, pending, posted)).ToListAsync(cancellation);
        return Page.Of(rows, most, LinkResponse.Of, row => new LinkCursor(row.Link.Since.UtcDateTime, row.Link.RowId));
    }

    public static Task<Results<Ok<TransactionResponse>, ProblemHttpResult>> AcceptAsync(
        DecisionService decisions, LedgerDbContext ledger, [Description("The ledger's id of the suggestion.")] string id, NoteRequest? why, CancellationToken cancellation) =>
        DecideAsync(decisions, ledger, id, why, accept: true, cancellation);

    public static Task<Results<Ok<TransactionResponse>, ProblemHttpResult>> RejectAsync(
        DecisionService decisions, LedgerDbContext ledger, [Description("The ledger's id of the suggestion.")] string id, NoteRequest? why, CancellationToken cancellation) =>
        DecideAsync(decisions, ledger, id, why, accept: false, cancellation);

    private static async Task<Results<Ok<TransactionResponse>, ProblemHttpResult>> DecideAsync(
        DecisionService decisions, LedgerDbContext ledger, string id, NoteRequest? why, bool accept, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id).GetValueOrDefault();
        var note = parameters.Note("note", why?.Note);
        if (parameters.Problem is { } problem)
            return problem;

        var suggestion = await ledger.Suggestions.SingleOrDefaultAsync(row => row.Id == number, cancellation);
        if (suggestion is null)
            return ApiProblem.Unknown(Kind, id);
        var result = await decisions.DecideAsync(suggestion.RowId, suggestion.ById, accept, note, cancellation);
        return await AnswerAsync(ledger, suggestion.RowId, suggestion.ById, result, cancellation);
    }

    private static async Task<Results<Ok<TransactionResponse>, ProblemHttpResult>> LinkAsync(
        DecisionService decisions,
        LedgerDbContext ledger,
        [Description("The ledger's id of the pending transaction or hold.")] string id,
        [Description("The ledger's id of the posted one.")] string postedId,
        NoteRequest? why,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var row = parameters.Number(nameof(id), id).GetValueOrDefault();
        var by = parameters.Number(nameof(postedId), postedId).GetValueOrDefault();
        var note = parameters.Note("note", why?.Note);
        if (parameters.Problem is { } problem)
            return problem;
        return await AnswerAsync(ledger, row, by, await decisions.DecideAsync(row, by, accept: true, note, cancellation), cancellation);
    }

    public static async Task<Results<Ok<TransactionResponse>, ProblemHttpResult>> UnlinkAsync(
        DecisionService decisions,
        LedgerDbContext ledger,
        [Description("The ledger's id of the pending transaction or hold.")] string id,
        [Description("The ledger's id of the posted one.")] string postedId,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var row = parameters.Number(nameof(id), id).GetValueOrDefault();
        var by = parameters.Number(nameof(postedId), postedId).GetValueOrDefault();
        if (parameters.Problem is { } problem)
            return problem;
        return await AnswerAsync(ledger, row, by, await decisions.UnlinkAsync(row, by, cancellation), cancellation);
    }

    private static async Task<Results<Ok<TransactionResponse>, ProblemHttpResult>> AnswerAsync(
        LedgerDbContext ledger, long row, long by, DecisionResult result, CancellationToken cancellation)
    {
        switch (result)
        {
            case DecisionResult.NotFound:
                var known = await ledger.Transactions.AnyAsync(transaction => transaction.Id == row, cancellation);
                return ApiProblem.Unknown(TransactionEndpoints.Kind, known ? by : row);
            case DecisionResult.NotLinked:
                return ApiProblem.Conflict("settlement_unknown", $"Transaction {by} does not settle transaction {row}.");
            case DecisionResult.Impossible:
                return ApiProblem.Conflict("settlement_impossible", $"Transaction {by} cannot settle transaction {row}: the first must be posted, the second pending or a hold, "
                    + "neither booked under its own id after being pending, both of one account and currency.");
            default:
                return TypedResults.Ok(TransactionResponse.Of(await ledger.Entries.SingleAsync(entry => entry.Id == row, cancellation)));
        }
    }
}
