using System.ComponentModel;
using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Api.Accounts;
using Redbark.Sync.Worker.Api.Paging;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Audit;
using Redbark.Sync.Worker.Balances.RedbarkRest;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Operations;
using Redbark.Sync.Worker.Operations.Kinds;

namespace Redbark.Sync.Worker.Api.Operations;

/// <summary><c>/operations</c></summary>
internal static class OperationEndpoints
{
    /// <summary>As many days back as REST answers for: about seven years, of which 2,500 days were seen accepted and 2,555 refused (spec 5.5).</summary>
    public const int ReachOfRest = 2500;

    private const string Kind = "operation";
    private const string IdIs = "The ledger's id of the operation.";
    private const int LongestFilter = 200;

    public static void MapOperations(this RouteGroupBuilder api)
    {
        var operations = api.MapGroup("/operations").WithTags("Operations");
        operations.MapGet("", ListAsync)
            .WithSummary("Lists long work that was asked for")
            .WithDescription("The newest first.")
            .ProducesProblem(400);
        operations.MapGet("/{id}", GetAsync)
            .WithSummary("Reads an operation and how far it is")
            .ProducesProblem(400).ProducesProblem(404);
        operations.MapPost("/replay", ReplayAsync)
            .Audited(AuditAction.StartReplay)
            .WithSummary("Applies a range of archived deliveries again")
            .WithDescription("In the order of receipt, by the code of today; what the ledger holds already stays as it is. Goes on by itself, on any worker; one replay at a time. Refused while the same is asked for and not done.")
            .ProducesProblem(400).ProducesProblem(409);
        operations.MapPost("/backfill", BackfillAsync)
            .Audited(AuditAction.StartBackfill)
            .WithSummary("Reads days of an account, or of all, by Redbark's REST")
            .WithDescription("What the ledger lacks, and what changed, enters it as deliveries of the feed rest. Goes on by itself, on any worker; one backfill at a time. Refused without an API key, and while the same is asked for and not done.")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        operations.MapPost("/{id}/cancel", CancelAsync)
            .Audited(AuditAction.CancelOperation, "id")
            .WithSummary("Ends an operation between two of its steps")
            .WithDescription("What it did stays done. Refused when it has ended.")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    public static async Task<Results<Ok<Page<OperationResponse>>, ProblemHttpResult>> ListAsync(
        LedgerDbContext ledger,
        [Description("replay or backfill.")] string? kind,
        [Description("queued, running, done, failed or cancelled.")] string? state,
        [Description(Page.Limit)] string? limit,
        [Description(Page.After)] string? after,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        kind = parameters.OneOf(nameof(kind), kind, OperationKind.Replay, OperationKind.Backfill);
        state = parameters.OneOf(nameof(state), state, OperationState.Queued, OperationState.Running, OperationState.Done, OperationState.Failed, OperationState.Cancelled);
        var most = parameters.Limit(limit);
        var cursor = parameters.After<IdCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;

        IQueryable<Operation> operations = ledger.Operations;
        if (kind is not null)
            operations = operations.Where(operation => operation.Kind == kind);
        if (state is not null)
            operations = operations.Where(operation => operation.State == state);
        if (cursor is not null)
            operations = operations.Where(operation => operation.Id < cursor.Id);
        var rows = await operations.OrderByDescending(operation => operation.Id).Take(most + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Page.Of(rows, most, OperationResponse.Of, operation => new IdCursor(operation.Id)));
    }

    public static async Task<Results<Ok<OperationResponse>, ProblemHttpResult>> GetAsync(OperationStore operations, [Description(IdIs)] string id, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id).GetValueOrDefault();
        if (parameters.Problem is { } problem)
            return problem;
        return await operations.FindAsync(number, cancellation) is { } operation ? TypedResults.Ok(OperationResponse.Of(operation)) : ApiProblem.Unknown(Kind, id);
    }

    public static async Task<Results<Accepted<OperationResponse>, ProblemHttpResult>> ReplayAsync(
        OperationStore operations, TimeProvider clock, HttpContext http, ReplayRequest request, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var from = parameters.Since("from", request.From ?? "");
        var to = parameters.Before("to", request.To);
        var feed = parameters.Literal("feed", request.Feed, LongestFilter);
        var type = parameters.Literal("type", request.Type, LongestFilter);
        var status = parameters.OneOf("status", request.Status,
            DeliveryStatus.Applied, DeliveryStatus.Duplicate, DeliveryStatus.Unreadable, DeliveryStatus.Unrecognised, DeliveryStatus.Parked);
        if (parameters.Problem is { } problem)
            return problem;
        if (from > clock.GetUtcNow())
            return ApiProblem.Parameter("from", request.From!, "a day or an instant that has come");
        if (to <= from)
            return ApiProblem.Parameter("to", request.To!, $"an end after the beginning, {request.From}");

        var order = new ReplayOrder(from!.Value, to, feed, type, status);
        return await StartAsync(operations, http, OperationKind.Replay, JsonSerializer.Serialize(order, OperationJson.Default.ReplayOrder), cancellation);
    }

    public static async Task<Results<Accepted<OperationResponse>, ProblemHttpResult>> BackfillAsync(
        OperationStore operations, LedgerDbContext ledger, RedbarkAccess access, TimeProvider clock, HttpContext http, BackfillRequest request, CancellationToken cancellation)
    {
        var today = clock.NewestDay();
        var parameters = new Parameters();
        var from = parameters.Day("from", request.From ?? "");
        var to = request.To is null ? today : parameters.Day("to", request.To);
        if (parameters.Problem is { } problem)
            return problem;
        if (from > today || to > today)
            return ApiProblem.Parameter(from > today ? "from" : "to", Iso(from > today ? from : to), "a day that has come");
        if (from > to)
            return ApiProblem.Parameter("to", Iso(to), $"a day not before the first, {Iso(from)}");
        if (from < today.AddDays(-ReachOfRest))
            return ApiProblem.Parameter("from", Iso(from), $"{Iso(today.AddDays(-ReachOfRest))} or later: Redbark's REST reaches back about seven years");
        if (request.AccountId is { } account && !await ledger.Accounts.AnyAsync(row => row.Id == account, cancellation))
            return ApiProblem.Unknown(AccountEndpoints.Kind, account);
        if (access.DisabledBecause is { } disabled)
            return ApiProblem.Conflict("rest_disabled", $"Redbark's REST is not read: {disabled}.");

        var order = new BackfillOrder(request.AccountId, from!.Value, to!.Value);
        return await StartAsync(operations, http, OperationKind.Backfill, JsonSerializer.Serialize(order, OperationJson.Default.BackfillOrder), cancellation);
    }

    public static async Task<Results<Ok<OperationResponse>, ProblemHttpResult>> CancelAsync(
        OperationStore operations, HttpContext http, [Description(IdIs)] string id, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id).GetValueOrDefault();
        if (parameters.Problem is { } problem)
            return problem;
        var cancelled = await operations.CancelAsync(number, http.User.FindFirstValue(ClaimTypes.Name), cancellation);
        if (await operations.FindAsync(number, cancelled ? CancellationToken.None : cancellation) is not { } operation)
            return ApiProblem.Unknown(Kind, id);
        return cancelled ? TypedResults.Ok(OperationResponse.Of(operation)) : ApiProblem.Conflict("operation_finished", $"Operation {id} has ended: it is {operation.State}.");
    }

    private static async Task<Results<Accepted<OperationResponse>, ProblemHttpResult>> StartAsync(
        OperationStore operations, HttpContext http, string kind, string request, CancellationToken cancellation)
    {
        if (await operations.AddAsync(kind, request, http.User.FindFirstValue(ClaimTypes.Name), cancellation) is not { } operation)
            return ApiProblem.Conflict("operation_running", $"The same {kind} is asked for already, and has not ended.");
        var id = operation.Id.ToString(CultureInfo.InvariantCulture);
        http.AuditMade(id);
        return TypedResults.Accepted($"{ApiSetup.Root}/operations/{id}", OperationResponse.Of(operation));
    }

    private static string Iso(DateOnly? day) => $"{day:yyyy-MM-dd}";
}
