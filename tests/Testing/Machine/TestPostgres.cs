using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Redbark.Sync.Standalone.Database;

namespace Redbark.Sync.Testing;

/// <summary>A PostgreSQL server for tests, started by the same code as the standalone shape's own, in a temporary directory.</summary>
public sealed class TestPostgres : IAsyncDisposable
{
    private readonly PostgresServer _server;
    private readonly TemporaryDirectory _directory;

    private TestPostgres(PostgresServer server, TemporaryDirectory directory) => (_server, _directory) = (server, directory);

    /// <summary>Starts one.</summary>
    /// <param name="durable">False leaves out fsync, and the disk: what a killed process had written stays with the system. Measurements want both.</param>
    public static async Task<TestPostgres> StartAsync(bool durable = false)
    {
        var directory = durable ? new TemporaryDirectory("postgres") : TemporaryDirectory.InMemory("postgres");
        var options = new PostgresOptions { Settings = { ["max_connections"] = "400", ["track_commit_timestamp"] = "on" } };
        if (!durable)
            options.Settings["fsync"] = "off";
        var server = new PostgresServer(directory.Path, options, NullLogger.Instance);
        await server.StartAsync(CancellationToken.None);
        return new TestPostgres(server, directory);
    }

    public string ConnectionString(string database) => _server.ConnectionString(database);

    /// <summary>Ends the server without notice, as kill -9 does.</summary>
    public async Task KillAsync()
    {
        using var server = Process.GetProcessById(_server.ProcessId ?? throw new InvalidOperationException("The server does not run."));
        server.Kill();
        await server.WaitForExitAsync();
    }

    /// <summary>Starts the server again after a test killed it.</summary>
    public Task RestartAsync() => _server.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Dispose();
    }
}
