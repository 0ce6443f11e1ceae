using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Redbark.Sync.Worker.Api.Quarantine;
using Redbark.Sync.Worker.Audit;
using Redbark.Sync.Worker.Console.Actions;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Quarantine;

namespace Redbark.Sync.Worker.Console.Quarantine;

/// <summary>What can be done on <c>/quarantine/{id}</c>.</summary>
internal static class QuarantineActions
{
    public static void MapQuarantineActions(this RouteGroupBuilder actions)
    {
        actions.MapPost("/quarantine/{id}/retry", RetryAsync).Audited(AuditAction.RetryQuarantine, "id");
        actions.MapPost("/quarantine/{id}/edit", EditAsync).Audited(AuditAction.EditQuarantine, "id");
        actions.MapPost("/quarantine/{id}/drop", DropAsync).Audited(AuditAction.DropQuarantine, "id");
        actions.MapPost("/quarantine/{id}/undo", UndoAsync).Audited(AuditAction.UndoQuarantine, "id");
    }

    private static async Task<ActionResult> RetryAsync(QuarantineService quarantine, LedgerDbContext ledger, string id)
    {
        var answer = await QuarantineEndpoints.RetryAsync(quarantine, ledger, id);
        var applied = answer.Result is Ok<QuarantineResponse> { Value.State: "applied" };
        return new ActionResult(answer, applied ? "The row is in the ledger." : "The row was read again and still cannot be used: it stays here.", Page(id));
    }

    private static async Task<IResult> EditAsync(
        QuarantineService quarantine, LedgerDbContext ledger, HttpContext context, ClaimsPrincipal user, string id, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        // A browser sends every line end of a text area as two characters.
        string json = form["json"].ToString().Replace("\r\n", "\n", StringComparison.Ordinal), note = form["note"].ToString().Trim();
        var answer = await QuarantineEndpoints.EditAsync(quarantine, ledger, user, id, new EditRequest(json, note.Length == 0 ? null : note), cancellation);
        return answer.Result is ProblemHttpResult { StatusCode: 400 or 422 } problem && long.TryParse(id, out _)
            ? new RefusedEdit(problem, id, json, note)
            : new ActionResult(answer, "The row was corrected and is in the ledger.", Page(id));
    }

    private static async Task<ActionResult> DropAsync(
        QuarantineService quarantine, LedgerDbContext ledger, HttpContext context, ClaimsPrincipal user, string id, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        var note = form["note"].ToString().Trim();
        return new ActionResult(
            await QuarantineEndpoints.DropAsync(quarantine, ledger, user, id, new DropRequest(note.Length == 0 ? null : note), cancellation), "The row was dropped.", Page(id));
    }

    private static async Task<ActionResult> UndoAsync(QuarantineService quarantine, LedgerDbContext ledger, string id) =>
        new(await QuarantineEndpoints.UndoAsync(quarantine, ledger, id), "It was taken back: the row waits here again.", Page(id));

    /// <summary>Only to an own page, whatever stands in the address.</summary>
    private static string Page(string id) => long.TryParse(id, out var number) ? $"/quarantine/{number}" : "/quarantine";
}
