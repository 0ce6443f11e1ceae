using Redbark.Sync.Worker.Api.Deliveries;
using Redbark.Sync.Worker.Audit;
using Redbark.Sync.Worker.Console.Actions;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Replay;

namespace Redbark.Sync.Worker.Console.Deliveries;

/// <summary>What can be done on <c>/deliveries/{id}</c>.</summary>
internal static class DeliveryActions
{
    public static void MapDeliveryActions(this RouteGroupBuilder actions) =>
        actions.MapPost("/deliveries/{id}/replay", ReplayAsync).Audited(AuditAction.ReplayDelivery, "id");

    private static async Task<ActionResult> ReplayAsync(Replayer replayer, LedgerDbContext ledger, string id, CancellationToken cancellation)
    {
        var answer = await DeliveryEndpoints.ReplayAsync(replayer, ledger, id, cancellation);
        var done = answer.Result is IValueHttpResult<DeliveryResponse> { Value: { } now }
            ? $"It was applied again, and is {now.Status}: of {now.Rows} rows {now.Applied} applied, {now.Unchanged} unchanged, {now.Quarantined} in quarantine, {now.Ignored} ignored."
            : "";
        return new ActionResult(answer, done, $"/deliveries/{Uri.EscapeDataString(id)}");
    }
}
