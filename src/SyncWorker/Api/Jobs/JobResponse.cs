using System.ComponentModel;
using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Api.Jobs;

/// <summary>A job of the schedule.</summary>
internal sealed record JobResponse(
    [property: Description("Its name in the settings and in this API.")] string Id,
    string Description,
    [property: Description("When it runs, in UTC; off where the settings say so.")] string Cron,
    bool Enabled,
    [property: Description("Why it does not run; null when it does.")] string? DisabledBecause,
    [property: Description("Whether it runs now, on any worker.")] bool Running,
    [property: Description("The newest run that was not skipped; null when it never ran.")] JobRunResponse? LastRun,
    [property: Description("When it is due next; null when it is not enabled.")] DateTime? NextRun)
{
    public static JobResponse Of(JobPlan plan, JobRun? last, DateTimeOffset now)
    {
        var disabled = plan.DisabledBecause;
        return new JobResponse(
            plan.Id,
            plan.Job.Description,
            plan.Schedule?.Text ?? ScheduleOptions.Off,
            disabled is null,
            disabled,
            last?.Outcome == JobOutcome.Running,
            last is null ? null : JobRunResponse.Of(last),
            disabled is null ? plan.Schedule?.Next(now)?.UtcDateTime : null);
    }
}
