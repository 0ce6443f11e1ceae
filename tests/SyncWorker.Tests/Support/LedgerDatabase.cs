using Npgsql;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Tests.Support;

/// <summary>Databases with the ledger's schema, copied from one that was migrated once.</summary>
internal static class LedgerDatabase
{
    private static readonly SemaphoreSlim OneAtATime = new(1, 1);
    private static readonly Lazy<Task<TestDatabase>> Template = new(MigrateTemplateAsync);

    public static async Task<TestDatabase> CreateAsync()
    {
        var template = (await Template.Value).Name;
        await OneAtATime.WaitAsync();
        try
        {
            return await TestServers.CreateDatabaseAsync(template);
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    public static async ValueTask DropTemplateAsync()
    {
        if (Template.IsValueCreated)
            await (await Template.Value).DisposeAsync();
    }

    private static async Task<TestDatabase> MigrateTemplateAsync()
    {
        var template = await TestServers.CreateDatabaseAsync();
        await using var worker = new WorkerUnderTest(new NpgsqlConnectionStringBuilder(template.ConnectionString) { Pooling = false }.ConnectionString);
        await worker.Get<Migrator>().MigrateAsync(CancellationToken.None);
        return template;
    }
}
