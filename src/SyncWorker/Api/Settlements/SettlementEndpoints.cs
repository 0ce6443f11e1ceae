using System.ComponentModel;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Api.Paging;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Api.Transactions;
using Redbark.Sync.Worker.Audit;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Settlement;

namespace Redbark.Sync.Worker.Api.Settlements;

/// <summary><c>/suggestions</c>, what was said of them, and <c>/transactions/{id}/settle-by</c></summary>
internal static class SettlementEndpoints
{
    private const string Kind = "suggestion";
    private const string IdText = "The ledger's id of the suggestion.";
    private const string RowText = "The ledger's id of the pending transaction or hold.";
    private const string PostedText = "The ledger's id of the posted one.";

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
        suggestions.MapGet("/rejected", RejectedAsync)
            .WithSummary("Lists pairs that people said are two payments")
            .WithDescription("The newest first, both rows side by side. DELETE /suggestions/rejected/{id}/{postedId} takes one back.")
            .ProducesProblem(400);
        suggestions.MapDelete("/rejected/{id}/{postedId}", ReopenAsync)
            .Audited(AuditAction.ReopenSuggestion, "id", "postedId")
            .WithSummary("Takes a rejection back")
            .WithDescription("As if it had not been said: the pair is suggested, or linked, again where the two are still alike. Answers the pending transaction.")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        suggestions.MapPost("/{id}/accept", AcceptAsync)
            .Audited(AuditAction.AcceptSuggestion, "id")
            .WithSummary("Says that a suggested pair is one payment")
            .WithDescription("The posted transaction takes the pending one's place, also when the ledger is built anew. Answers the pending one.")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        suggestions.MapPost("/{id}/reject", RejectAsync)
            .Audited(AuditAction.RejectSuggestion, "id")
            .WithSummary("Says that a suggested pair is two payments")
            .WithDescription("It is neither suggested nor linked again, until that is taken back. Answers the pending transaction.")
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
            .WithDescription("A person's own is taken back as if it had not been said; one that was made automatically is rejected. Answers this transaction.")
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
            from suggestion in suggestions
            join pending in ledger.Entries on suggestion.RowId equals pending.Id
            join posted in ledger.Entries on suggestion.ById equals posted.Id
            orderby suggestion.Id descending
            select new SuggestedPair(suggestion, pending, posted)).Take(most + 1).ToListAsync(cancellation);
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
            from link in links
            join pending in ledger.Entries on link.RowId equals pending.Id
            join posted in ledger.Entries on link.ById equals posted.Id
            orderby link.Since descending, link.RowId descending
            select new LinkedPair(link, pending, posted)).Take(most + 1).ToListAsync(cancellation);
        return Page.Of(rows, most, LinkResponse.Of, row => new LinkCursor(row.Link.Since.UtcDateTime, row.Link.RowId));
    }

    private static async Task<Results<Ok<Page<RejectionResponse>>, ProblemHttpResult>> RejectedAsync(
        LedgerDbContext ledger, [Description(Page.Limit)] string? limit, [Description(Page.After)] string? after, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var most = parameters.Limit(limit);
        var cursor = parameters.After<RejectionCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;

        return TypedResults.Ok(await ReadRejectedAsync(ledger, most, cursor, cancellation));
    }

    public static async Task<Page<RejectionResponse>> ReadRejectedAsync(LedgerDbContext ledger, int most, RejectionCursor? cursor, CancellationToken cancellation)
    {
        // The account's names are compared as AccountNames.OfDecision does: two accounts may answer to the two names of one decision.
        var pairs =
            from decision in ledger.DecidedPairs
            from account in ledger.Accounts.Where(account => account.Provider == decision.Provider
                && ((decision.AccountExternalId != null && account.ExternalId == decision.AccountExternalId)
                    || (decision.AccountPublicId != null && account.PublicId == decision.AccountPublicId && (decision.AccountExternalId == null || account.ExternalId == null))))
            join pending in ledger.Entries on new { AccountId = account.Id, ExternalId = decision.PendingExternalId } equals new { pending.AccountId, pending.ExternalId }
            join posted in ledger.Entries on new { AccountId = account.Id, ExternalId = decision.PostedExternalId } equals new { posted.AccountId, posted.ExternalId }
            where decision.Decision == DecidedPair.Rejected
            select new { decision, pending, posted };
        if (cursor is not null)
            pairs = pairs.Where(pair => EF.Functions.LessThan(ValueTuple.Create(pair.decision.Id, pair.pending.Id), ValueTuple.Create(cursor.Decision, cursor.Row)));
        var rows = await pairs.OrderByDescending(pair => pair.decision.Id).ThenByDescending(pair => pair.pending.Id).Take(most + 1)
            .Select(pair => new RejectedPair(pair.decision, pair.pending, pair.posted)).ToListAsync(cancellation);
        return Page.Of(rows, most, RejectionResponse.Of, row => new RejectionCursor(row.Decision.Id, row.Pending.Id));
    }

    public static Task<Results<Ok<TransactionResponse>, ProblemHttpResult>> AcceptAsync(
        DecisionService decisions, LedgerDbContext ledger, ClaimsPrincipal user, [Description(IdText)] string id, NoteRequest? why, CancellationToken cancellation) =>
        DecideAsync(decisions, ledger, user, id, why, accept: true, cancellation);

    public static Task<Results<Ok<TransactionResponse>, ProblemHttpResult>> RejectAsync(
        DecisionService decisions, LedgerDbContext ledger, ClaimsPrincipal user, [Description(IdText)] string id, NoteRequest? why, CancellationToken cancellation) =>
        DecideAsync(decisions, ledger, user, id, why, accept: false, cancellation);

    private static async Task<Results<Ok<TransactionResponse>, ProblemHttpResult>> DecideAsync(
        DecisionService decisions, LedgerDbContext ledger, ClaimsPrincipal user, string id, NoteRequest? why, bool accept, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id).GetValueOrDefault();
        var note = parameters.Note("note", why?.Note);
        if (parameters.Problem is { } problem)
            return problem;

        var suggestion = await ledger.Suggestions.SingleOrDefaultAsync(row => row.Id == number, cancellation);
        if (suggestion is null)
            return ApiProblem.Unknown(Kind, id);
        var result = await decisions.DecideAsync(suggestion.RowId, suggestion.ById, accept, note, NameOf(user), cancellation);
        return await AnswerAsync(ledger, suggestion.RowId, suggestion.ById, result, cancellation);
    }

    private static async Task<Results<Ok<TransactionResponse>, ProblemHttpResult>> LinkAsync(
        DecisionService decisions,
        LedgerDbContext ledger,
        ClaimsPrincipal user,
        [Description(RowText)] string id,
        [Description(PostedText)] string postedId,
        NoteRequest? why,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var row = parameters.Number(nameof(id), id).GetValueOrDefault();
        var by = parameters.Number(nameof(postedId), postedId).GetValueOrDefault();
        var note = parameters.Note("note", why?.Note);
        if (parameters.Problem is { } problem)
            return problem;
        return await AnswerAsync(ledger, row, by, await decisions.DecideAsync(row, by, accept: true, note, NameOf(user), cancellation), cancellation);
    }

    public static Task<Results<Ok<TransactionResponse>, ProblemHttpResult>> UnlinkAsync(
        DecisionService decisions,
        LedgerDbContext ledger,
        ClaimsPrincipal user,
        [Description(RowText)] string id,
        [Description(PostedText)] string postedId,
        CancellationToken cancellation) =>
        TakeBackAsync((row, by) => decisions.UnlinkAsync(row, by, NameOf(user), cancellation), ledger, id, postedId, cancellation);

    public static Task<Results<Ok<TransactionResponse>, ProblemHttpResult>> ReopenAsync(
        DecisionService decisions,
        LedgerDbContext ledger,
        [Description(RowText)] string id,
        [Description(PostedText)] string postedId,
        CancellationToken cancellation) =>
        TakeBackAsync((row, by) => decisions.ReopenAsync(row, by, cancellation), ledger, id, postedId, cancellation);

    private static string? NameOf(ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.Name);

    private static async Task<Results<Ok<TransactionResponse>, ProblemHttpResult>> TakeBackAsync(
        Func<long, long, Task<DecisionResult>> takeBack, LedgerDbContext ledger, string id, string postedId, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var row = parameters.Number(nameof(id), id).GetValueOrDefault();
        var by = parameters.Number(nameof(postedId), postedId).GetValueOrDefault();
        if (parameters.Problem is { } problem)
            return problem;
        return await AnswerAsync(ledger, row, by, await takeBack(row, by), cancellation);
    }

    private static async Task<Results<Ok<TransactionResponse>, ProblemHttpResult>> AnswerAsync(
        LedgerDbContext ledger, long row, long by, DecisionResult result, CancellationToken cancellation)
    {
        switch (result)
        {
            case DecisionResult.NotFound:
                var known = await ledger.Transactions.AnyAsync(transaction => transaction.Id == row, cancellation);
                return ApiProblem.Unknown(TransactionEndpoints.Kind, known ? by : row);
            case DecisionResult.NotSaid:
                return ApiProblem.Conflict("settlement_unknown", $"Nothing was said of transactions {row} and {by} that could be taken back.");
            case DecisionResult.Impossible:
                return ApiProblem.Conflict("settlement_impossible", $"Transaction {by} cannot settle transaction {row}: the first must be posted, the second pending or a hold, "
                    + "neither booked under its own id after being pending, both of one account and currency.");
            default:
                // It counts, whether or not the caller still waits.
                return TypedResults.Ok(TransactionResponse.Of(await ledger.Entries.SingleAsync(entry => entry.Id == row, CancellationToken.None)));
        }
    }
}
