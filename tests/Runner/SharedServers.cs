using Redbark.Sync.Testing;

namespace Redbark.Sync.Tests.Runner;

/// <summary>The servers of one run: those that the environment names, or our own for as long as the run lasts.</summary>
internal sealed class SharedServers : IAsyncDisposable
{
    private TestPostgres? _postgres;
    private RabbitMqServer? _rabbitMq;

    /// <summary>What the test programs find in their environment.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    public static async Task<SharedServers> StartAsync()
    {
        var servers = new SharedServers();
        await Task.WhenAll(servers.StartPostgresAsync(), servers.StartRabbitMqAsync());
        return servers;
    }

    public async ValueTask DisposeAsync()
    {
        if (_rabbitMq is not null)
            await _rabbitMq.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
    }

    private async Task StartPostgresAsync()
    {
        if (IsGiven(TestServers.PostgresVariable))
            return;

        _postgres = await TestPostgres.StartAsync();
        Variables[TestServers.PostgresVariable] = _postgres.ConnectionString("postgres");
    }

    private async Task StartRabbitMqAsync()
    {
        if (IsGiven(TestServers.RabbitMqVariable))
            return;

        _rabbitMq = await RabbitMqServer.StartAsync();
        Variables[TestServers.RabbitMqVariable] = _rabbitMq.Address.Amqp.ToString();
        Variables[TestServers.RabbitMqApiVariable] = _rabbitMq.Address.Api.ToString();
    }

    private static bool IsGiven(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 };
}
