using Npgsql;

namespace Redbark.Sync.Testing;

/// <summary>A database of a test's own.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _server;

    private TestDatabase(string server, string name)
    {
        _server = server;
        Name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
    }

    public string Name { get; }

    public string ConnectionString { get; }

    internal static async Task<TestDatabase> CreateAsync(string server, string? template)
    {
        var database = new TestDatabase(server, $"test_{Guid.CreateVersion7():n}");
        await database.RunAsync($"CREATE DATABASE {database.Name}{(template is null ? "" : $" TEMPLATE {template}")}");
        return database;
    }

    /// <summary>Cuts every connection to the database, as a restart of the server would.</summary>
    public Task CutConnectionsAsync() =>
        RunAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{Name}' AND pid <> pg_backend_pid()");

    public async ValueTask DisposeAsync()
    {
        await using (var own = new NpgsqlConnection(ConnectionString))
            NpgsqlConnection.ClearPool(own);
        await RunAsync($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
    }

    private async Task RunAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_server) { Pooling = false }.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
