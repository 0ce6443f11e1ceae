using System.ComponentModel;
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
        state = parameters.OneOf(nameof(state), state, "open", "applied", "dropped");
        reason = parameters.Literal(nameof(reason), reason);
        var delivery = parameters.Uuid(nameof(deliveryId), deliveryId);
        var most = parameters.Limit(limit);
        var cursor = parameters.After<IdCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;

        IQueryable<QuarantinedRow> items = ledger.Quarantine;
        if (state is not null)
            items = items.Where(item => item.State == state);
        if (reason is not null)
            items = items.Where(item => item.Reason == reason);
        if (delivery is not null)
            items = items.Where(item => item.DeliveryId == delivery);
        if (cursor is not null)
            items = items.Where(item => item.Id < cursor.Id);
        var rows = await items.OrderByDescending(item => item.Id).Take(most + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Page.Of(rows, most, QuarantineResponse.Of, row => new IdCursor(row.Id)));
    }

    private static async Task<Results<Ok<QuarantineResponse>, ProblemHttpResult>> GetAsync(
        LedgerDbContext ledger, [Description("The ledger's id of the item.")] string id, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id);
        if (parameters.Problem is { } problem)
            return problem;

        var item = await ledger.Quarantine.SingleOrDefaultAsync(row => row.Id == number, cancellation);
        return item is null ? ApiProblem.Unknown(Kind, id) : TypedResults.Ok(QuarantineResponse.Of(item));
    }

    private static async Task<Results<Ok<QuarantineResponse>, ProblemHttpResult>> RetryAsync(
        QuarantineService quarantine, LedgerDbContext ledger, [Description("The ledger's id of the item.")] string id, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id).GetValueOrDefault();
        if (parameters.Problem is { } problem)
            return problem;

        return await AnswerAsync(ledger, number, await quarantine.RetryAsync(number, cancellation), cancellation);
    }

    private static async Task<Results<Ok<QuarantineResponse>, ProblemHttpResult>> DropAsync(
        QuarantineService quarantine,
        LedgerDbContext ledger,
        [Description("The ledger's id of the item.")] string id,
        DropRequest? why,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id).GetValueOrDefault();
        var note = parameters.Note("note", why?.Note);
        if (parameters.Problem is { } problem)
            return problem;

        return await AnswerAsync(ledger, number, await quarantine.DropAsync(number, note, cancellation), cancellation);
    }

    private static async Task<Results<Ok<QuarantineResponse>, ProblemHttpResult>> AnswerAsync(
        LedgerDbContext ledger, long id, QuarantineResult result, CancellationToken cancellation)
    {
        if (result == QuarantineResult.NotFound)
            return ApiProblem.Unknown(Kind, id);
        var item = await ledger.Quarantine.SingleAsync(row => row.Id == id, cancellation);
        return result == QuarantineResult.NotOpen
            ? ApiProblem.Conflict("quarantine_item_resolved", $"Quarantine item {id} is not open any more: it is {item.State}.")
            : TypedResults.Ok(QuarantineResponse.Of(item));
    }
}
