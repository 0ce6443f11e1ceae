using Microsoft.EntityFrameworkCore;
using Npgsql;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Database;

/// <summary>Brings the schema up to date. Several workers may start at once: one migrates, the others wait for it.</summary>
internal sealed class Migrator(NpgsqlDataSource database, IDbContextFactory<LedgerDbContext> contexts)
{
    public async Task MigrateAsync(CancellationToken cancellation)
    {
        // EF Core's own lock is on its history table, which the first worker has yet to make.
        await using var guard = await database.OpenConnectionAsync(cancellation);
        await using (var take = new NpgsqlCommand("SELECT pg_advisory_lock(hashtextextended('ledger.migrations', 0))", guard) { CommandTimeout = 0 })
            await take.ExecuteNonQueryAsync(cancellation);

        try
        {
            await using var context = await contexts.CreateDbContextAsync(cancellation);
            await context.Database.MigrateAsync(cancellation);
        }
        finally
        {
            await using var release = new NpgsqlCommand("SELECT pg_advisory_unlock_all()", guard);
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }
}
