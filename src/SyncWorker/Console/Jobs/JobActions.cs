using Redbark.Sync.Worker.Api.Jobs;
using Redbark.Sync.Worker.Audit;
using Redbark.Sync.Worker.Console.Actions;
using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Console.Jobs;

/// <summary>What can be done on <c>/jobs</c>.</summary>
internal static class JobActions
{
    public static void MapJobActions(this RouteGroupBuilder actions) =>
        actions.MapPost("/jobs/{id}/run", RunAsync).Audited(AuditAction.RunJob, "id");

    private static async Task<ActionResult> RunAsync(JobCatalog catalog, JobRunner runner, string id, CancellationToken cancellation) =>
        new(await JobEndpoints.RunAsync(catalog, runner, id, cancellation), $"Job {id} runs.", "/jobs");
}
