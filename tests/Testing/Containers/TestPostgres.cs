using Testcontainers.PostgreSql;

namespace Redbark.Sync.Testing;

/// <summary>A PostgreSQL server for tests, in a container.</summary>
public sealed class TestPostgres : IAsyncDisposable
{
    private readonly PostgreSqlContainer _container;

    private TestPostgres(PostgreSqlContainer container) => _container = container;

    /// <summary>Starts one.</summary>
    /// <param name="durable">False leaves out fsync: what a killed process had written stays with the system. Measurements want it on.</param>
    public static async Task<TestPostgres> StartAsync(bool durable = false)
    {
        // Testcontainers turns all three safeguards off. Without synchronous_commit a kill would lose commits; the last setting of a name counts.
        var container = new PostgreSqlBuilder("postgres:17")
            .WithCommand("-c", "max_connections=400", "-c", "track_commit_timestamp=on")
            .WithCommand("-c", $"fsync={(durable ? "on" : "off")}", "-c", "synchronous_commit=on", "-c", "full_page_writes=on")
            .WithPortBinding(FreePort.Next(), PostgreSqlBuilder.PostgreSqlPort)
            .Build();
        await container.StartAsync();
        return new TestPostgres(container);
    }

    public string ConnectionString(string database) =>
        new Npgsql.NpgsqlConnectionStringBuilder(_container.GetConnectionString()) { Database = database }.ConnectionString;

    /// <summary>Ends the server without notice, as kill -9 does.</summary>
    public Task KillAsync() => Docker.RunAsync("kill", _container.Id);

    /// <summary>Starts the server again after a test killed it.</summary>
    public async Task RestartAsync()
    {
        await Docker.RunAsync("start", _container.Id);
        await Eventually.HoldsAsync(async () => (await _container.ExecAsync(["pg_isready", "-U", "postgres"])).ExitCode == 0, "PostgreSQL answers again");
    }

    public ValueTask DisposeAsync() => _container.DisposeAsync();
}
