using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Redbark.Sync.Worker.Api.Operations;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Audit;
using Redbark.Sync.Worker.Balances.RedbarkRest;
using Redbark.Sync.Worker.Console.Actions;
using Redbark.Sync.Worker.Console.Components;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Operations;

namespace Redbark.Sync.Worker.Console.Operations;

/// <summary>What can be done on <c>/operations</c>.</summary>
internal static class OperationActions
{
    public static void MapOperationActions(this RouteGroupBuilder actions)
    {
        actions.MapPost("/operations/replay", ReplayAsync).Audited(AuditAction.StartReplay);
        actions.MapPost("/operations/backfill", BackfillAsync).Audited(AuditAction.StartBackfill);
        actions.MapPost("/operations/{id}/cancel", CancelAsync).Audited(AuditAction.CancelOperation, "id");
    }

    private static async Task<IResult> ReplayAsync(OperationStore operations, TimeProvider clock, HttpContext http, CancellationToken cancellation)
    {
        var form = await http.Request.ReadFormAsync(cancellation);
        var request = new ReplayRequest(Field(form, "from"), Field(form, "to"), Field(form, "feed"), Field(form, "type"), Field(form, "status"));
        var answer = await OperationEndpoints.ReplayAsync(operations, clock, http, request, cancellation);
        return Answer(answer, "The replay begins.", new()
        {
            [nameof(OperationsPage.Form)] = "replay",
            [nameof(OperationsPage.From)] = request.From,
            [nameof(OperationsPage.To)] = request.To,
            [nameof(OperationsPage.Feed)] = request.Feed,
            [nameof(OperationsPage.Type)] = request.Type,
            [nameof(OperationsPage.Status)] = request.Status,
        });
    }

    private static async Task<IResult> BackfillAsync(
        OperationStore operations, LedgerDbContext ledger, RedbarkAccess access, TimeProvider clock, HttpContext http, CancellationToken cancellation)
    {
        var form = await http.Request.ReadFormAsync(cancellation);
        var parameters = new Parameters();
        var account = Field(form, "accountId");
        var request = new BackfillRequest(Field(form, "from"), Field(form, "to"), parameters.Number("accountId", account));
        Results<Accepted<OperationResponse>, ProblemHttpResult> answer = parameters.Problem is { } problem
            ? problem
            : await OperationEndpoints.BackfillAsync(operations, ledger, access, clock, http, request, cancellation);
        return Answer(answer, "The backfill begins.", new()
        {
            [nameof(OperationsPage.Form)] = "backfill",
            [nameof(OperationsPage.From)] = request.From,
            [nameof(OperationsPage.To)] = request.To,
            [nameof(OperationsPage.AccountId)] = account,
        });
    }

    private static async Task<ActionResult> CancelAsync(OperationStore operations, HttpContext http, string id, CancellationToken cancellation) => new(
        await OperationEndpoints.CancelAsync(operations, http, id, cancellation), $"Operation {id} is to end.", $"/operations/{Uri.EscapeDataString(id)}");

    private static FormResult<OperationsPage> Answer(Results<Accepted<OperationResponse>, ProblemHttpResult> answer, string done, Dictionary<string, object?> form) => new(
        answer, () => (done, $"/operations/{((Accepted<OperationResponse>)answer.Result).Value!.Id.ToString(CultureInfo.InvariantCulture)}"), form);

    private static string? Field(IFormCollection form, string name) => Answers.Given(form[name]);
}
