using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Redbark.Sync.Ingress.Journal;

/// <summary>Ready when deliveries can be stored. Whether they can be published does not matter: they wait.</summary>
internal sealed class JournalHealth(DeliveryJournal journal) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var facts = new Dictionary<string, object>
        {
            ["bytes"] = journal.TotalBytes,
            ["last"] = journal.End - 1,
            ["published"] = journal.Published - 1,
        };
        return Task.FromResult(journal.Trouble is { } trouble
            ? new HealthCheckResult(context.Registration.FailureStatus, trouble.Reason, data: facts)
            : HealthCheckResult.Healthy("The journal can be written.", facts));
    }
}
