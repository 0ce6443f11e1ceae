using Hangfire.PostgreSql;
using Npgsql;

namespace Redbark.Sync.Worker.Scheduling.Adapter;

/// <summary>Hangfire's connections come from the ledger's pool.</summary>
internal sealed class LedgerConnections(NpgsqlDataSource database) : IConnectionFactory
{
    public NpgsqlConnection GetOrCreateConnection() => database.CreateConnection();
}
