using System.Diagnostics;
using Redbark.Sync.EndToEnd.Tests.Harness;
using Redbark.Sync.Standalone.Database;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Crash;

/// <summary>kill -9 of the standalone process, or of its private server, while deliveries come in.</summary>
public sealed class StandaloneCrashTests : IAsyncDisposable
{
    private const int Crashes = 3;

    private readonly int _seed = Environment.TickCount;
    private readonly TemporaryDirectory _data = new("standalone");
    private readonly HostProcess _process;
    private readonly Sender _sender;

    public StandaloneCrashTests()
    {
        _process = new HostProcess("redbark-sync", new()
        {
            ["Data__Directory"] = _data.Path,
            ["Feeds__redbark__Secrets__0"] = Sender.Secret,
        }, "up");
        _sender = new Sender(new Uri(_process.Address, "/webhooks/redbark"));
    }

    private string Database => PostgresServer.ConnectionString(Path.Combine(_data.Path, "postgres"), "redbark");

    public async ValueTask DisposeAsync()
    {
        _sender.Dispose();
        await _process.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public Task Killing_the_process_loses_nothing_that_was_answered_200() => KillRepeatedlyAsync(async () =>
    {
        await _process.KillAsync();
        await _process.StartAsync();
    });

    [Fact]
    public Task Killing_the_private_server_and_the_process_loses_nothing() => KillRepeatedlyAsync(async () =>
    {
        var lockFile = Path.Combine(_data.Path, "postgres", "data", "postmaster.pid");
        using (var server = Process.GetProcessById(int.Parse(File.ReadLines(lockFile).First())))
        {
            server.Kill();
            await server.WaitForExitAsync();
        }

        await _process.KillAsync();
        await _process.StartAsync();
    });

    [Fact]
    public async Task A_stop_drains_and_takes_the_private_server_along()
    {
        await _process.StartAsync();
        for (var number = 1; number <= 20; number++)
            await _sender.SendAsync(number);

        Assert.Equal(0, await _process.StopAsync());
        Assert.False(File.Exists(Path.Combine(_data.Path, "postgres", "data", "postmaster.pid")), _process.Output);

        await _process.StartAsync();
        await LedgerReader.HoldsExactlyAsync(Database, _sender, () => _process.Output);
    }

    private async Task KillRepeatedlyAsync(Func<Task> crash)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {_seed}");
        var random = new Random(_seed);
        await _process.StartAsync();
        await Eventually.HoldsAsync(
            async () => await LedgerReader.AskAsync<object>(Database, "SELECT 1 FROM ledger.accounts LIMIT 1") is null
                && await LedgerReader.AskAsync<string>(Database, "SELECT to_regclass('ledger.outbox')::text") is not null,
            "the ledger is made", () => _process.Output);

        using var stop = new CancellationTokenSource();
        var senders = Enumerable.Range(0, 4).Select(_ => Task.Run(() => _sender.SendUntilAsync(stop.Token))).ToList();
        for (var i = 0; i < Crashes; i++)
        {
            await Task.Delay(random.Next(50, 600));
            await crash();
        }

        await Task.Delay(200);
        await stop.CancelAsync();
        await Task.WhenAll(senders);
        await LedgerReader.HoldsExactlyAsync(Database, _sender, () => $"seed {_seed}\n{_process.Output}");
        Assert.True(_sender.Failures > 0, "The process was never away.");
    }
}
