using Redbark.Sync.Testing;

namespace Redbark.Sync.Worker.Tests.Support;

/// <summary>A database and a worker for the tests of one class.</summary>
public sealed class LedgerFixture : IAsyncLifetime
{
    private TestDatabase? _database;
    private WorkerUnderTest? _worker;

    internal TestDatabase Database => _database!;

    internal WorkerUnderTest Worker => _worker!;

    public async ValueTask InitializeAsync()
    {
        _database = await LedgerDatabase.CreateAsync();
        _worker = new WorkerUnderTest(_database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _worker!.DisposeAsync();
        await _database!.DisposeAsync();
    }
}
