using System.Security.Claims;
using Redbark.Sync.Worker.Api.Settlements;
using Redbark.Sync.Worker.Audit;
using Redbark.Sync.Worker.Console.Actions;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Settlement;

namespace Redbark.Sync.Worker.Console.Suggestions;

/// <summary>What can be done on <c>/suggestions</c>.</summary>
internal static class SuggestionActions
{
    private const string TakenBack = "Taken back: the pair is to be decided again, where it is still alike.";

    public static void MapSuggestionActions(this RouteGroupBuilder actions)
    {
        actions.MapPost("/suggestions/{id}/accept", AcceptAsync).Audited(AuditAction.AcceptSuggestion, "id");
        actions.MapPost("/suggestions/{id}/reject", RejectAsync).Audited(AuditAction.RejectSuggestion, "id");
        actions.MapPost("/suggestions/links/{id}/{postedId}/undo", UnlinkAsync).Audited(AuditAction.UnlinkTransactions, "id", "postedId");
        actions.MapPost("/suggestions/rejections/{id}/{postedId}/undo", ReopenAsync).Audited(AuditAction.ReopenSuggestion, "id", "postedId");
    }

    private static async Task<ActionResult> AcceptAsync(DecisionService decisions, LedgerDbContext ledger, ClaimsPrincipal user, string id, CancellationToken cancellation) =>
        new(await SettlementEndpoints.AcceptAsync(decisions, ledger, user, id, why: null, cancellation), "Accepted: the two rows are one payment, and it counts once.", "/suggestions");

    private static async Task<ActionResult> RejectAsync(DecisionService decisions, LedgerDbContext ledger, ClaimsPrincipal user, string id, CancellationToken cancellation) =>
        new(await SettlementEndpoints.RejectAsync(decisions, ledger, user, id, why: null, cancellation), "Rejected: they are two payments, and are not suggested again. It can be undone under Rejected.", "/suggestions");

    private static async Task<ActionResult> UnlinkAsync(DecisionService decisions, LedgerDbContext ledger, ClaimsPrincipal user, string id, string postedId, CancellationToken cancellation) =>
        new(await SettlementEndpoints.UnlinkAsync(decisions, ledger, user, id, postedId, cancellation), TakenBack, "/suggestions?show=accepted");

    private static async Task<ActionResult> ReopenAsync(DecisionService decisions, LedgerDbContext ledger, string id, string postedId, CancellationToken cancellation) =>
        new(await SettlementEndpoints.ReopenAsync(decisions, ledger, id, postedId, cancellation), TakenBack, "/suggestions?show=rejected");
}
