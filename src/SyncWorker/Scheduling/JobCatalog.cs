using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace Redbark.Sync.Worker.Scheduling;

/// <summary>Every job there is, and when it runs by the settings.</summary>
internal sealed class JobCatalog
{
    private readonly Dictionary<string, JobPlan> _plans;

    public JobCatalog(IEnumerable<IScheduledJob> jobs, IOptions<ScheduleOptions> options)
    {
        Plans = [.. jobs.Select(job => new JobPlan(job, options.Value.Of(job))).OrderBy(plan => plan.Id, StringComparer.Ordinal)];
        _plans = Plans.ToDictionary(plan => plan.Id);
    }

    /// <summary>Ordered by id.</summary>
    public IReadOnlyList<JobPlan> Plans { get; }

    /// <summary>Whether a job may be due several times a minute.</summary>
    public bool HasSeconds => Plans.Any(plan => plan.Schedule is { HasSeconds: true });

    public bool TryFind(string id, [NotNullWhen(true)] out JobPlan? plan) => _plans.TryGetValue(id, out plan);
}
