using Testcontainers.RabbitMq;

namespace Redbark.Sync.Testing;

/// <summary>A RabbitMQ node for tests, in a container, with its management plugin.</summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    private const int Api = 15672;
    private const string User = "redbark";
    private const string Password = "redbark";

    private readonly RabbitMqContainer _container;

    private RabbitMqServer(RabbitMqContainer container) => _container = container;

    public RabbitMqAddress Address => new(
        new Uri($"amqp://{User}:{Password}@{_container.Hostname}:{_container.GetMappedPublicPort(RabbitMqBuilder.RabbitMqPort)}"),
        new Uri($"http://{User}:{Password}@{_container.Hostname}:{_container.GetMappedPublicPort(Api)}"));

    public static async Task<RabbitMqServer> StartAsync()
    {
        // The name is part of the node's: a new one would not find its own data after a restart. So are the ports of its address.
        var container = new RabbitMqBuilder("rabbitmq:4-management")
            .WithUsername(User).WithPassword(Password).WithHostname("redbark-test")
            .WithPortBinding(FreePort.Next(), RabbitMqBuilder.RabbitMqPort)
            .WithPortBinding(FreePort.Next(), Api)
            .Build();
        await container.StartAsync();
        return new RabbitMqServer(container);
    }

    /// <summary>Ends the node without notice, as kill -9 does.</summary>
    public Task KillAsync() => Docker.RunAsync("kill", _container.Id);

    /// <summary>Starts the node again, and waits until it answers.</summary>
    public async Task RestartAsync()
    {
        await Docker.RunAsync("start", _container.Id);
        // The node opens this listener last, after its plugins'. A check of all open ports passes before, while there are none to check.
        string[] check = ["rabbitmq-diagnostics", "-q", "check_port_listener", $"{RabbitMqBuilder.RabbitMqPort}"];
        await Eventually.HoldsAsync(async () => (await _container.ExecAsync(check)).ExitCode == 0, "RabbitMQ answers again");
    }

    public ValueTask DisposeAsync() => _container.DisposeAsync();
}
