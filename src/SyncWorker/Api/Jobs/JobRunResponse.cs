using System.ComponentModel;
using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Api.Jobs;

/// <summary>One run of a job.</summary>
internal sealed record JobRunResponse(
    Guid Id,
    string Job,
    [property: Description("schedule, manual or made-up (its time was missed).")] string Trigger,
    [property: Description("The time of the schedule that it served; null when somebody asked for it.")] DateTime? DueAt,
    DateTime StartedAt,
    DateTime? FinishedAt,
    [property: Description("running, succeeded, failed, skipped (the run before it was still going), cancelled (the worker stopped) or lost (the worker ended without a word).")] string Outcome,
    [property: Description("How long it took; null while it runs.")] long? DurationMs,
    [property: Description("What was done.")] string? Message,
    [property: Description("Why it did not succeed.")] string? Error,
    [property: Description("The worker that ran it: machine and process.")] string Worker)
{
    public static JobRunResponse Of(JobRun run) => new(
        run.Id,
        run.Job,
        run.Trigger,
        run.DueAt?.UtcDateTime,
        run.StartedAt.UtcDateTime,
        run.FinishedAt?.UtcDateTime,
        run.Outcome,
        (long?)(run.FinishedAt - run.StartedAt)?.TotalMilliseconds,
        run.Message,
        run.Error,
        run.Worker);
}
