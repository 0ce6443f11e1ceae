using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Harness;

/// <summary>The distributed shape as real processes: one ingress, some workers, over a RabbitMQ and a PostgreSQL.</summary>
internal sealed class DistributedStack : IAsyncDisposable
{
    public const string Token = "an-api-token-of-at-least-32-characters";

    private readonly TemporaryDirectory _journal = new("journal");

    /// <param name="database">The ledger's.</param>
    /// <param name="broker">RabbitMQ's.</param>
    /// <param name="workers">How many.</param>
    /// <param name="workerSettings">More settings of the workers, by their keys with colons.</param>
    /// <param name="environment">More of the environment of all processes.</param>
    public DistributedStack(
        string database, string broker, int workers = 1, IReadOnlyDictionary<string, string?>? workerSettings = null, Dictionary<string, string>? environment = null)
    {
        Database = database;
        Ingress = new HostProcess("Redbark.Sync.Ingress", new(environment ?? [])
        {
            ["Feeds__redbark__Secrets__0"] = Sender.Secret,
            ["Journal__Directory"] = _journal.Path,
            ["Relay__MaxBackoff"] = "00:00:01", // A test need not wait long for a broker that it has just started again.
            ["ConnectionStrings__RabbitMq"] = broker,
        });
        var settings = new Dictionary<string, string>(environment ?? [])
        {
            ["ConnectionStrings__Ledger"] = database,
            ["ConnectionStrings__RabbitMq"] = broker,
            ["Api__Tokens__0"] = Token,
        };
        foreach (var (key, value) in workerSettings ?? new Dictionary<string, string?>())
            settings[key.Replace(":", "__", StringComparison.Ordinal)] = value ?? "";
        Workers = [.. Enumerable.Range(0, workers).Select(_ => new HostProcess("Redbark.Sync.Worker", settings))];
        Sender = new Sender(new Uri(Ingress.Address, "/webhooks/redbark"));
    }

    public string Database { get; }

    public HostProcess Ingress { get; }

    public IReadOnlyList<HostProcess> Workers { get; }

    public Sender Sender { get; }

    public string Output => string.Join("\n────\n", Workers.Prepend(Ingress).Select(process => process.Output));

    public Task StartAsync() => Task.WhenAll(Workers.Prepend(Ingress).Select(process => process.StartAsync()));

    public async ValueTask DisposeAsync()
    {
        Sender.Dispose();
        foreach (var process in Workers.Prepend(Ingress))
            await process.DisposeAsync();
        _journal.Dispose();
    }
}
