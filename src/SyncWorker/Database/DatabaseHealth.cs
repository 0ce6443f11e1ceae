using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Redbark.Sync.Worker.Database;

/// <summary>Ready: the schema is up to date, and the database answers.</summary>
internal sealed class DatabaseHealth(NpgsqlDataSource database, DatabaseReadiness readiness) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!readiness.IsReady)
            return HealthCheckResult.Unhealthy("The ledger's schema is not up to date yet.");
        try
        {
            await using var command = database.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException error)
        {
            return HealthCheckResult.Unhealthy("The ledger's database does not answer.", error);
        }
    }
}
