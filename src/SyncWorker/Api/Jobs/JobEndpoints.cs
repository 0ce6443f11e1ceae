using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Api.Paging;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Audit;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Api.Jobs;

/// <summary><c>/jobs</c></summary>
internal static class JobEndpoints
{
    private const string Kind = "job";
    private const string IdIs = "The job's id.";

    public static void MapJobs(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/jobs").WithTags("Jobs");
        jobs.MapGet("", ListAsync)
            .WithSummary("Lists the jobs")
            .WithDescription("With their last run and their next. All of them are on one page.");
        jobs.MapGet("/{id}/runs", RunsAsync)
            .WithSummary("Lists the runs of a job")
            .WithDescription("The newest first.")
            .ProducesProblem(400).ProducesProblem(404);
        jobs.MapPost("/{id}/run", RunAsync)
            .Audited(AuditAction.RunJob, "id")
            .WithSummary("Runs a job now")
            .WithDescription("Answers the run, which goes on by itself. Refused while the job runs, on any worker, and where the settings disable it.")
            .ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<Ok<Page<JobResponse>>> ListAsync(JobCatalog catalog, LedgerDbContext ledger, TimeProvider clock, CancellationToken cancellation) =>
        TypedResults.Ok(new Page<JobResponse>(await ReadAsync(catalog, ledger, clock, cancellation), Next: null));

    public static async Task<IReadOnlyList<JobResponse>> ReadAsync(JobCatalog catalog, LedgerDbContext ledger, TimeProvider clock, CancellationToken cancellation)
    {
        var ids = catalog.Plans.Select(plan => plan.Id).ToArray();
        var last = await ledger.JobRuns.FromSql($"""
            SELECT r.* FROM unnest({ids}) AS j (job) CROSS JOIN LATERAL (
                SELECT * FROM ledger.job_runs WHERE job = j.job AND outcome <> 'skipped' ORDER BY started_at DESC, id DESC LIMIT 1) r
            """).ToDictionaryAsync(run => run.Job, cancellation);
        var now = clock.GetUtcNow();
        return [.. catalog.Plans.Select(plan => JobResponse.Of(plan, last.GetValueOrDefault(plan.Id), now))];
    }

    private static async Task<Results<Ok<Page<JobRunResponse>>, ProblemHttpResult>> RunsAsync(
        JobCatalog catalog,
        LedgerDbContext ledger,
        [Description(IdIs)] string id,
        [Description(Page.Limit)] string? limit,
        [Description(Page.After)] string? after,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var most = parameters.Limit(limit);
        var cursor = parameters.After<JobRunCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;
        if (!catalog.TryFind(id, out _))
            return ApiProblem.Unknown(Kind, id);

        var runs = ledger.JobRuns.Where(run => run.Job == id);
        if (cursor is not null)
        {
            var startedAt = new DateTimeOffset(cursor.StartedAt);
            runs = runs.Where(run => EF.Functions.LessThan(ValueTuple.Create(run.StartedAt, run.Id), ValueTuple.Create(startedAt, cursor.Run)));
        }

        var rows = await runs.OrderByDescending(run => run.StartedAt).ThenByDescending(run => run.Id).Take(most + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Page.Of(rows, most, JobRunResponse.Of, row => new JobRunCursor(row.StartedAt.UtcDateTime, row.Id)));
    }

    public static async Task<Results<Accepted<JobRunResponse>, ProblemHttpResult>> RunAsync(
        JobCatalog catalog, JobRunner runner, [Description(IdIs)] string id, CancellationToken cancellation)
    {
        if (!catalog.TryFind(id, out var plan))
            return ApiProblem.Unknown(Kind, id);
        if (plan.DisabledBecause is { } reason)
            return ApiProblem.Conflict("job_disabled", $"Job {id} is disabled: {reason}.");
        return await runner.StartAsync(plan, cancellation) is { } run
            ? TypedResults.Accepted($"{ApiSetup.Root}/jobs/{id}/runs", JobRunResponse.Of(run))
            : ApiProblem.Conflict("job_running", $"Job {id} runs already.");
    }
}
