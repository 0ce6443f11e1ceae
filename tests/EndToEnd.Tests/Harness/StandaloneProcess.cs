using System.Net.Http.Headers;
using Redbark.Sync.Standalone.Database;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Harness;

/// <summary><c>redbark-sync up</c> as a user runs it, on a data directory of its own.</summary>
internal sealed class StandaloneProcess : IAsyncDisposable
{
    private readonly TemporaryDirectory _data = TemporaryDirectory.InMemory("standalone");
    private readonly Dictionary<string, string> _settings;

    public StandaloneProcess(params (string Name, string Value)[] settings)
    {
        _settings = new()
        {
            ["Data__Directory"] = _data.Path,
            ["Feeds__redbark__Secrets__0"] = Sender.Secret,
        };
        foreach (var (name, value) in settings)
            _settings[name] = value;
        Process = new HostProcess("redbark-sync", _settings, "up");
        Webhook = new Uri(Process.Address, "/webhooks/redbark");
    }

    public HostProcess Process { get; }

    public string Data => _data.Path;

    public Uri Webhook { get; }

    public string Database => PostgresServer.ConnectionString(Path.Combine(_data.Path, "postgres"), "redbark");

    public string ServerLockFile => Path.Combine(_data.Path, "postgres", "data", "postmaster.pid");

    public HttpClient CreateApiClient() => new()
    {
        BaseAddress = Process.Address,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(Path.Combine(_data.Path, "api-token")).Trim()) },
    };

    /// <summary>Runs another command against the same configuration.</summary>
    public Task<CommandRun> RunAsync(params string[] arguments) => CommandRun.StartAsync(
        new(_settings) { ["ASPNETCORE_URLS"] = Process.Address.GetLeftPart(UriPartial.Authority) }, arguments);

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _data.Dispose();
    }
}
