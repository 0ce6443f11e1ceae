using System.Collections.Concurrent;

namespace Redbark.Sync.Testing;

/// <summary>
/// The PostgreSQL and the RabbitMQ that the tests run against: those that the environment names (the test runner starts one of each
/// for the whole suite), or else private ones, started on first use and stopped with the test process.
/// </summary>
public static class TestServers
{
    /// <summary>Connection string of a superuser; PostgreSQL 15 or newer.</summary>
    public const string PostgresVariable = "REDBARK_TEST_POSTGRES";

    /// <summary><c>http://user:password@host:port</c> of RabbitMQ's management plugin.</summary>
    public const string RabbitMqApiVariable = "REDBARK_TEST_RABBITMQ_API";

    /// <summary><c>amqp://user:password@host:port</c>, without a virtual host.</summary>
    public const string RabbitMqVariable = "REDBARK_TEST_RABBITMQ";

    private static readonly ConcurrentBag<IAsyncDisposable> Started = [];

    private static readonly Lazy<Task<string>> Postgres = new(async () =>
        Environment.GetEnvironmentVariable(PostgresVariable) is { Length: > 0 } given
            ? given
            : Stopped(await TestPostgres.StartAsync()).ConnectionString("postgres"));

    private static readonly Lazy<Task<RabbitMqAddress>> RabbitMq = new(async () =>
        Environment.GetEnvironmentVariable(RabbitMqVariable) is { Length: > 0 } amqp
        && Environment.GetEnvironmentVariable(RabbitMqApiVariable) is { Length: > 0 } api
            ? new RabbitMqAddress(new Uri(amqp), new Uri(api))
            : Stopped(await RabbitMqServer.StartAsync()).Address);

    /// <summary>A new, empty database; dropped by the caller's disposal.</summary>
    /// <param name="template">A database to copy, or null for an empty one.</param>
    public static async Task<TestDatabase> CreateDatabaseAsync(string? template = null) =>
        await TestDatabase.CreateAsync(await Postgres.Value, template);

    /// <summary>A new, empty virtual host; deleted by the caller's disposal.</summary>
    public static async Task<TestVirtualHost> CreateVirtualHostAsync() => await TestVirtualHost.CreateAsync(await RabbitMq.Value);

    // For a run that is cut short; else the end of the tests has stopped them.
    static TestServers() => AppDomain.CurrentDomain.ProcessExit += (_, _) => StopAsync().GetAwaiter().GetResult();

    /// <summary>Stops the private servers, of which there may be none.</summary>
    public static async Task StopAsync()
    {
        while (Started.TryTake(out var server))
            await server.DisposeAsync();
    }

    private static T Stopped<T>(T server) where T : IAsyncDisposable
    {
        Started.Add(server);
        return server;
    }
}
