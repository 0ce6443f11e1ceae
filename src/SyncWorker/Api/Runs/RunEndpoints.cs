using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Api.Paging;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Gaps.Schema;
using Redbark.Sync.Worker.Gaps.Sources;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Api.Runs;

/// <summary><c>/runs</c></summary>
internal static class RunEndpoints
{
    public static void MapRuns(this RouteGroupBuilder api) =>
        api.MapGet("/runs", ListAsync).WithTags("Runs")
            .WithSummary("Lists the sync runs")
            .WithDescription("The one with the newest delivery first. A run with missing chunks is one whose sender gave up, or has not finished.")
            .ProducesProblem(400);

    public static async Task<Results<Ok<Page<RunResponse>>, ProblemHttpResult>> ListAsync(
        LedgerDbContext ledger,
        [Description("The run's id.")] string? runId,
        [Description("The feed's name.")] string? feed,
        [Description("true for runs with missing chunks, false for the others.")] string? incomplete,
        [Description(Page.Limit)] string? limit,
        [Description(Page.After)] string? after,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        runId = parameters.Literal(nameof(runId), runId);
        feed = parameters.Literal(nameof(feed), feed);
        var missing = parameters.YesOrNo(nameof(incomplete), incomplete);
        var most = parameters.Limit(limit);
        var cursor = parameters.After<RunCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;

        IQueryable<SyncRun> runs = ledger.SyncRuns;
        if (runId is not null)
            runs = runs.Where(run => run.RunId == runId);
        if (feed is not null)
            runs = runs.Where(run => run.Feed == feed);
        if (missing is not null)
            runs = runs.Where(run => run.Complete != missing);
        if (cursor is not null)
        {
            var lastAt = new DateTimeOffset(cursor.LastAt);
            runs = runs.Where(run => EF.Functions.LessThan(
                ValueTuple.Create(run.LastAt, run.Feed, run.RunId, run.Type), ValueTuple.Create(lastAt, cursor.Feed, cursor.RunId, cursor.Type)));
        }

        var rows = await runs
            .OrderByDescending(run => run.LastAt).ThenByDescending(run => run.Feed).ThenByDescending(run => run.RunId).ThenByDescending(run => run.Type)
            .Take(most + 1).ToListAsync(cancellation);
        var keys = rows.Where(run => !run.Complete).Select(run => RunPart.KeyOf(run.Feed, run.RunId, run.Type)).ToList();
        var gaps = keys.Count == 0 ? [] : await ledger.Gaps.Where(gap => gap.Kind == GapKind.MissingChunk && keys.Contains(gap.Key)).ToDictionaryAsync(gap => gap.Key, cancellation);
        return TypedResults.Ok(Page.Of(rows, most, run => ToResponse(run, gaps.GetValueOrDefault(RunPart.KeyOf(run.Feed, run.RunId, run.Type))), row => new RunCursor(row.LastAt.UtcDateTime, row.Feed, row.RunId, row.Type)));
    }

    private static RunResponse ToResponse(SyncRun run, Gap? gap) => new(
        run.Feed, run.RunId, run.Type, run.FirstAt.UtcDateTime, run.LastAt.UtcDateTime, run.TotalChunks, run.ReceivedChunks, run.Rows, run.MissingChunks, gap?.Id, gap?.State);
}
