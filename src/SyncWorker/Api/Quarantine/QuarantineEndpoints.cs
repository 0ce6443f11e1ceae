using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Api.Paging;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Ledger.Schema;

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
        reason = parameters.Text(nameof(reason), reason);
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
}
