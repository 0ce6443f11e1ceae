using Quartz;

namespace Redbark.Sync.Worker.Scheduling.Adapter;

/// <summary>What Quartz runs: the job that its key names.</summary>
internal sealed class DueJob(JobRunner runner) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await runner.RunDueAsync(context.JobDetail.Key.Name, cancellationToken);
}
