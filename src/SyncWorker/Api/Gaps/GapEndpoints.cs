using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Api.Paging;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Gaps.Schema;
using Redbark.Sync.Worker.Gaps.Store;
using Redbark.Sync.Worker.Audit;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Api.Gaps;

/// <summary><c>/gaps</c></summary>
internal static class GapEndpoints
{
    private const string Kind = "gap";
    private const string IdIs = "The ledger's id of the gap.";

    public static void MapGaps(this RouteGroupBuilder api)
    {
        var gaps = api.MapGroup("/gaps").WithTags("Gaps");
        gaps.MapGet("", ListAsync)
            .WithSummary("Lists the windows in which rows were or may be missing")
            .WithDescription("The newest first. The job heal-gaps finds and heals them.")
            .ProducesProblem(400);
        gaps.MapGet("/{id}", FindAsync)
            .WithSummary("Reads one gap, with all that was read for it")
            .ProducesProblem(400).ProducesProblem(404);
        gaps.MapPost("/{id}/retry", RetryAsync)
            .Audited(AuditAction.RetryGap, "id")
            .WithSummary("Has a gap read anew by the next run of heal-gaps")
            .WithDescription("Also one that was closed as empty. Refused while it is being read, and for one that is healed.")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    public static async Task<Results<Ok<Page<GapResponse>>, ProblemHttpResult>> ListAsync(
        LedgerDbContext ledger,
        [Description("open, healing, healed, empty or failed.")] string? state,
        [Description("missing_chunk, silent_feed or drift.")] string? kind,
        [Description("The ledger's id of an account.")] string? accountId,
        [Description("The id of a sync run.")] string? runId,
        [Description(Page.Limit)] string? limit,
        [Description(Page.After)] string? after,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        state = parameters.OneOf(nameof(state), state, GapState.Open, GapState.Healing, GapState.Healed, GapState.Empty, GapState.Failed);
        kind = parameters.OneOf(nameof(kind), kind, GapKind.MissingChunk, GapKind.SilentFeed, GapKind.Drift);
        var account = parameters.Number(nameof(accountId), accountId);
        runId = parameters.Literal(nameof(runId), runId);
        var most = parameters.Limit(limit);
        var cursor = parameters.After<IdCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;

        IQueryable<Gap> gaps = ledger.Gaps;
        if (state is not null)
            gaps = gaps.Where(gap => gap.State == state);
        if (kind is not null)
            gaps = gaps.Where(gap => gap.Kind == kind);
        if (account is not null)
            gaps = gaps.Where(gap => gap.AccountId == account || ledger.GapReads.Any(read => read.GapId == gap.Id && read.AccountId == account));
        if (runId is not null)
            gaps = gaps.Where(gap => gap.RunId == runId);
        if (cursor is not null)
            gaps = gaps.Where(gap => gap.Id < cursor.Id);
        var rows = await gaps.OrderByDescending(gap => gap.Id).Take(most + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Page.Of(rows, most, GapResponse.Of, gap => new IdCursor(gap.Id)));
    }

    public static async Task<Results<Ok<GapDetailResponse>, ProblemHttpResult>> FindAsync(GapStore gaps, [Description(IdIs)] string id, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id).GetValueOrDefault();
        if (parameters.Problem is { } problem)
            return problem;
        return await gaps.FindAsync(number, cancellation) is { } gap
            ? TypedResults.Ok(new GapDetailResponse(gap, await gaps.ReadsAsync(number, cancellation)))
            : ApiProblem.Unknown(Kind, id);
    }

    public static async Task<Results<Ok<GapResponse>, ProblemHttpResult>> RetryAsync(GapStore gaps, [Description(IdIs)] string id, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id).GetValueOrDefault();
        if (parameters.Problem is { } problem)
            return problem;

        var retried = await gaps.RetryAsync(number, cancellation);
        if (await gaps.FindAsync(number, retried ? CancellationToken.None : cancellation) is not { } gap)
            return ApiProblem.Unknown(Kind, id);
        return retried
            ? TypedResults.Ok(GapResponse.Of(gap))
            : ApiProblem.Conflict($"gap_{gap.State}", $"Gap {id} is {gap.State}.");
    }
}
