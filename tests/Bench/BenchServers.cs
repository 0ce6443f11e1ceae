using Npgsql;
using Redbark.Sync.Testing;

namespace Redbark.Sync.Bench;

/// <summary>The servers of one measurement, durable as in real use.</summary>
internal sealed class BenchServers : IAsyncDisposable
{
    private readonly TestPostgres _postgres;
    private readonly RabbitMqServer? _rabbitMq;

    private BenchServers(TestPostgres postgres, RabbitMqServer? rabbitMq) => (_postgres, _rabbitMq) = (postgres, rabbitMq);

    public string? Broker => _rabbitMq?.Address.Amqp.ToString();

    public static async Task<BenchServers> StartAsync(bool withBroker) =>
        new(await TestPostgres.StartAsync(durable: true), withBroker ? await RabbitMqServer.StartAsync() : null);

    public async Task<string> CreateDatabaseAsync(string name)
    {
        await using var source = NpgsqlDataSource.Create(_postgres.ConnectionString("postgres"));
        await using var command = source.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync();
        return _postgres.ConnectionString(name);
    }

    public async ValueTask DisposeAsync()
    {
        if (_rabbitMq is not null)
            await _rabbitMq.DisposeAsync();
        await _postgres.DisposeAsync();
    }
}
