namespace Redbark.Sync.Worker.Scheduling;

/// <summary>
/// What watches the clock. When a job's time comes it calls <see cref="JobRunner.RunDueAsync"/> on one of the workers; calling it too often
/// does no harm. Which one is in is decided when the project is built.
/// </summary>
internal interface IJobScheduler
{
    /// <summary>Watches over these jobs, and over no others. The database is there, though it may go away again.</summary>
    Task StartAsync(IReadOnlyList<JobPlan> plans, CancellationToken cancellation);

    /// <summary>Sets off nothing more.</summary>
    Task StopAsync(CancellationToken cancellation);
}
