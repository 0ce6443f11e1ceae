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
        var container = new PostgreSqlBuilder("postgres:17")
            .WithCommand("-c", "max_connections=400", "-c", "track_commit_timestamp=on", "-c", $"fsync={(durable ? "on" : "off")}")
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
