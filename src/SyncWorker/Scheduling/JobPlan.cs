namespace Redbark.Sync.Worker.Scheduling;

/// <summary>A job and when it runs.</summary>
/// <param name="Job">The job.</param>
/// <param name="Schedule">Null where the settings say <c>off</c>.</param>
internal sealed record JobPlan(IScheduledJob Job, CronSchedule? Schedule)
{
    public string Id => Job.Id;

    /// <summary>Why it does not run; null when it does.</summary>
    public string? DisabledBecause => Schedule is null ? $"{ScheduleOptions.Section}:{Id} is {ScheduleOptions.Off}" : Job.DisabledBecause;
}
