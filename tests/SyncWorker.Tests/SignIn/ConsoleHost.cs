using Microsoft.Extensions.DependencyInjection;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Tests.Api;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.SignIn;

/// <summary>A worker with a password, over a database of its own.</summary>
public sealed class ConsoleHost : IAsyncDisposable
{
    private readonly TestDatabase? _database;

    private ConsoleHost(ApiHost host, TestDatabase? database)
    {
        Host = host;
        _database = database;
    }

    public ApiHost Host { get; }

    public static async Task<ConsoleHost> StartAsync(Dictionary<string, string?>? settings = null, TimeProvider? clock = null)
    {
        var database = await LedgerDatabase.CreateAsync();
        return new ConsoleHost(await StartAsync(database.ConnectionString, settings, clock), database);
    }

    public static async Task<ApiHost> StartAsync(string connectionString, Dictionary<string, string?>? settings, TimeProvider? clock = null, bool wait = true)
    {
        var all = new Dictionary<string, string?>
        {
            ["Api:Tokens:0"] = ApiHost.Token,
            ["Console:PasswordHash"] = Browser.PasswordHash,
            ["Schedule:Enabled"] = "false",
        };
        foreach (var (key, value) in settings ?? [])
            all[key] = value;
        var host = await ApiHost.StartAsync(connectionString, all, services =>
        {
            if (clock is not null)
                services.AddSingleton(clock);
        });
        if (wait)
            await host.Services.GetRequiredService<DatabaseReadiness>().WaitAsync(TestContext.Current.CancellationToken);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }
}

/// <summary>One for a class of tests.</summary>
public sealed class ConsoleFixture : IAsyncLifetime
{
    private ConsoleHost? _console;

    public ApiHost Host => _console!.Host;

    public async ValueTask InitializeAsync() => _console = await ConsoleHost.StartAsync(new() { ["Feeds:redbark:Secrets:0"] = "a-signing-secret-of-the-tests" });

    public ValueTask DisposeAsync() => _console?.DisposeAsync() ?? ValueTask.CompletedTask;
}
