using Redbark.Sync.Worker.Api.Gaps;
using Redbark.Sync.Worker.Audit;
using Redbark.Sync.Worker.Console.Actions;
using Redbark.Sync.Worker.Gaps.Store;

namespace Redbark.Sync.Worker.Console.Gaps;

/// <summary>What can be done on <c>/gaps/{id}</c>.</summary>
internal static class GapActions
{
    public static void MapGapActions(this RouteGroupBuilder actions) =>
        actions.MapPost("/gaps/{id}/retry", RetryAsync).Audited(AuditAction.RetryGap, "id");

    private static async Task<ActionResult> RetryAsync(GapStore gaps, string id, CancellationToken cancellation) => new(
        await GapEndpoints.RetryAsync(gaps, id, cancellation), $"Gap {id} is read anew by the next run of heal-gaps; on the page of jobs it can be run now.", $"/gaps/{Uri.EscapeDataString(id)}");
}
