using System.ComponentModel;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Api.Paging;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Audit;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Quarantine;

namespace Redbark.Sync.Worker.Api.Quarantine;

/// <summary><c>/quarantine</c></summary>
internal static class QuarantineEndpoints
{
    private const string Kind = "quarantine_item";
    private const string IdIs = "The ledger's id of the item.";

    public static void MapQuarantine(this RouteGroupBuilder api)
    {
        var quarantine = api.MapGroup("/quarantine").WithTags("Quarantine");
        quarantine.MapGet("", ListAsync)
            .WithSummary("Lists the rows that could not be applied")
            .WithDescription("The newest first.")
            .ProducesProblem(400);
        quarantine.MapGet("/{id}", GetAsync)
            .WithSummary("Reads a row that could not be applied")
            .ProducesProblem(400).ProducesProblem(404);
        quarantine.MapPost("/{id}/retry", RetryAsync)
            .Audited(AuditAction.RetryQuarantine, "id")
            .WithSummary("Reads the row's delivery again")
            .WithDescription("By the code of today. Answers the item as it now stands: applied, or still open.")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        quarantine.MapPost("/{id}/drop", DropAsync)
            .Audited(AuditAction.DropQuarantine, "id")
            .WithSummary("Drops a row")
            .WithDescription("The row is not wanted: it is counted as ignored and does not come back. The body may say why.")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        quarantine.MapPost("/{id}/edit", EditAsync)
            .Audited(AuditAction.EditQuarantine, "id")
            .WithSummary("Says what a row should have said")
            .WithDescription("""
                The correction is read as any row is, and enters the ledger in its place in the order of observations; a newer version by the bank wins. The archive
                stays what was sent: the row as sent is read as the correction from now on, also when it is sent again and when the ledger is built anew. 422 says why
                a correction cannot be used.
                """)
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        quarantine.MapPost("/{id}/undo", UndoAsync)
            .Audited(AuditAction.UndoQuarantine, "id")
            .WithSummary("Takes a drop or an edit back")
            .WithDescription("The row is open again and counted so. What an edit brought is out of the ledger, which holds what it would hold without it. 409 says where that cannot be.")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<Results<Ok<Page<QuarantineResponse>>, ProblemHttpResult>> ListAsync(
        LedgerDbContext ledger,
        [Description("open, applied or dropped.")] string? state,
        [Description("The exact reason, such as amount_invalid.")] string? reason,
        [Description("The delivery that brought the rows.")] string? deliveryId,
        [Description(Page.Limit)] string? limit,
        [Description(Page.After)] string? after,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var filter = QuarantineFilter.Read(parameters, state, reason, deliveryId);
        var most = parameters.Limit(limit);
        var cursor = parameters.After<IdCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;

        return TypedResults.Ok(await ReadAsync(ledger, filter, most, cursor, cancellation));
    }

    public static async Task<Page<QuarantineResponse>> ReadAsync(LedgerDbContext ledger, QuarantineFilter filter, int most, IdCursor? cursor, CancellationToken cancellation)
    {
        IQueryable<QuarantinedRow> items = ledger.Quarantine;
        if (filter.State is { } state)
            items = items.Where(item => item.State == state);
        if (filter.Reason is { } reason)
            items = items.Where(item => item.Reason == reason);
        if (filter.Delivery is { } delivery)
            items = items.Where(item => item.DeliveryId == delivery);
        if (cursor is not null)
            items = items.Where(item => item.Id < cursor.Id);
        var rows = await DecidedRow.Of(ledger, items.OrderByDescending(item => item.Id).Take(most + 1)).ToListAsync(cancellation);
        return Page.Of([.. rows.OrderByDescending(row => row.Row.Id)], most, QuarantineResponse.Of, row => new IdCursor(row.Row.Id));
    }

    private static async Task<Results<Ok<QuarantineResponse>, ProblemHttpResult>> GetAsync(
        LedgerDbContext ledger, [Description(IdIs)] string id, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id);
        if (parameters.Problem is { } problem)
            return problem;

        return await FindAsync(ledger, number.GetValueOrDefault(), cancellation) is { } item ? TypedResults.Ok(item) : ApiProblem.Unknown(Kind, id);
    }

    public static async Task<QuarantineResponse?> FindAsync(LedgerDbContext ledger, long id, CancellationToken cancellation) =>
        await DecidedRow.Of(ledger, ledger.Quarantine.Where(row => row.Id == id)).SingleOrDefaultAsync(cancellation) is { } item ? QuarantineResponse.Of(item) : null;

    public static async Task<Results<Ok<QuarantineResponse>, ProblemHttpResult>> RetryAsync(
        QuarantineService quarantine, LedgerDbContext ledger, [Description(IdIs)] string id)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id).GetValueOrDefault();
        if (parameters.Problem is { } problem)
            return problem;

        // It looks at the row again after it has committed.
        return await AnswerAsync(ledger, number, await quarantine.RetryAsync(number, CancellationToken.None));
    }

    public static async Task<Results<Ok<QuarantineResponse>, ProblemHttpResult>> DropAsync(
        QuarantineService quarantine, LedgerDbContext ledger, ClaimsPrincipal user, [Description(IdIs)] string id, DropRequest? why, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id).GetValueOrDefault();
        var note = parameters.Note("note", why?.Note);
        if (parameters.Problem is { } problem)
            return problem;

        return await AnswerAsync(ledger, number, await quarantine.DropAsync(number, note, user.FindFirstValue(ClaimTypes.Name), cancellation));
    }

    public static async Task<Results<Ok<QuarantineResponse>, ProblemHttpResult>> EditAsync(
        QuarantineService quarantine, LedgerDbContext ledger, ClaimsPrincipal user, [Description(IdIs)] string id, EditRequest? edit, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id).GetValueOrDefault();
        var json = parameters.Required("json", edit?.Json, "the row's JSON text");
        var note = parameters.Note("note", edit?.Note);
        if (parameters.Problem is { } problem)
            return problem;

        return await AnswerAsync(ledger, number, await quarantine.EditAsync(number, json!, note, user.FindFirstValue(ClaimTypes.Name), cancellation), ApiProblem.Unusable);
    }

    public static async Task<Results<Ok<QuarantineResponse>, ProblemHttpResult>> UndoAsync(
        QuarantineService quarantine, LedgerDbContext ledger, [Description(IdIs)] string id)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id).GetValueOrDefault();
        if (parameters.Problem is { } problem)
            return problem;

        // It may read the delivery again after it has committed.
        return await AnswerAsync(ledger, number, await quarantine.UndoAsync(number, CancellationToken.None));
    }

    private static async Task<Results<Ok<QuarantineResponse>, ProblemHttpResult>> AnswerAsync(
        LedgerDbContext ledger, long id, QuarantineAnswer answer, Func<string, string, ProblemHttpResult>? refuse = null)
    {
        if (answer.Result == QuarantineResult.NotFound)
            return ApiProblem.Unknown(Kind, id);
        if (answer.Result == QuarantineResult.Refused)
            return (refuse ?? ApiProblem.Conflict)(answer.Reason!, answer.Detail!);
        // What was done is told of, whether or not the caller still waits.
        var item = (await FindAsync(ledger, id, CancellationToken.None))!;
        return answer.Result == QuarantineResult.NotOpen
            ? ApiProblem.Conflict("quarantine_item_resolved", $"Quarantine item {id} is not open any more: it is {item.State}.")
            : TypedResults.Ok(item);
    }
}
