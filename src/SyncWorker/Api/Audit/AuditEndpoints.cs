using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Api.Paging;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Audit;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Api.Audit;

/// <summary><c>/audit</c></summary>
internal static class AuditEndpoints
{
    public static void MapAudit(this RouteGroupBuilder api) =>
        api.MapGet("/audit", ListAsync).WithTags("Audit")
            .WithSummary("Lists what people and programs did")
            .WithDescription("The newest first: every action through the console and this API, and every attempt to sign in.")
            .ProducesProblem(400);

    private static async Task<Results<Ok<Page<AuditResponse>>, ProblemHttpResult>> ListAsync(
        LedgerDbContext ledger,
        [Description("The exact action, such as job.run.")] string? action,
        [Description("done, refused or failed.")] string? outcome,
        [Description(Page.Limit)] string? limit,
        [Description(Page.After)] string? after,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        action = parameters.Literal(nameof(action), action);
        outcome = parameters.OneOf(nameof(outcome), outcome, AuditOutcome.Done, AuditOutcome.Refused, AuditOutcome.Failed);
        var most = parameters.Limit(limit);
        var cursor = parameters.After<AuditCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;

        return TypedResults.Ok(await ReadAsync(ledger, action, outcome, most, cursor, cancellation));
    }

    public static async Task<Page<AuditResponse>> ReadAsync(
        LedgerDbContext ledger, string? action, string? outcome, int most, AuditCursor? cursor, CancellationToken cancellation)
    {
        IQueryable<AuditEntry> entries = ledger.Audit;
        if (action is not null)
            entries = entries.Where(entry => entry.Action == action);
        if (outcome is not null)
            entries = entries.Where(entry => entry.Outcome == outcome);
        if (cursor is not null)
        {
            var at = new DateTimeOffset(cursor.At);
            entries = entries.Where(entry => EF.Functions.LessThan(ValueTuple.Create(entry.At, entry.Id), ValueTuple.Create(at, cursor.Entry)));
        }

        var rows = await entries.OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Id).Take(most + 1).ToListAsync(cancellation);
        return Page.Of(rows, most, AuditResponse.Of, row => new AuditCursor(row.At.UtcDateTime, row.Id));
    }
}
