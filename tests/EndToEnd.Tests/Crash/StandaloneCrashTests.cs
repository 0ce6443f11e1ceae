using System.Diagnostics;
using Redbark.Sync.EndToEnd.Tests.Harness;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Crash;

/// <summary>kill -9 of the standalone process, or of its private server, while deliveries come in.</summary>
public sealed class StandaloneCrashTests : IAsyncDisposable
{
    private const int Crashes = 3;

    private readonly int _seed = Environment.TickCount;
    private readonly StandaloneProcess _standalone = new();
    private readonly Sender _sender;

    public StandaloneCrashTests() => _sender = new Sender(_standalone.Webhook);

    public async ValueTask DisposeAsync()
    {
        _sender.Dispose();
        await _standalone.DisposeAsync();
    }

    [Fact]
    public Task Killing_the_process_loses_nothing_that_was_answered_200() => KillRepeatedlyAsync(async () =>
    {
        await _standalone.Process.KillAsync();
        await _standalone.Process.StartAsync();
    });

    [Fact]
    public Task Killing_the_private_server_and_the_process_loses_nothing() => KillRepeatedlyAsync(async () =>
    {
        // The process serves before its server does.
        var id = 0;
        await Eventually.HoldsAsync(
            () => Task.FromResult(File.Exists(_standalone.ServerLockFile) && int.TryParse(File.ReadLines(_standalone.ServerLockFile).FirstOrDefault(), out id)),
            "the private server has begun", () => _standalone.Process.Output);
        using (var server = Process.GetProcessById(id))
        {
            server.Kill();
            await server.WaitForExitAsync();
        }

        await _standalone.Process.KillAsync();
        await _standalone.Process.StartAsync();
    });

    [Fact]
    public async Task A_stop_drains_and_takes_the_private_server_along()
    {
        await _standalone.Process.StartAsync();
        for (var number = 1; number <= 20; number++)
            await _sender.SendAsync(number);

        Assert.Equal(0, await _standalone.Process.StopAsync());
        Assert.False(File.Exists(_standalone.ServerLockFile), _standalone.Process.Output);

        await _standalone.Process.StartAsync();
        await LedgerReader.HoldsExactlyAsync(_standalone.Database, _sender, () => _standalone.Process.Output);
    }

    private async Task KillRepeatedlyAsync(Func<Task> crash)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {_seed}");
        var random = new Random(_seed);
        await _standalone.Process.StartAsync();
        await Eventually.HoldsAsync(
            async () => await LedgerReader.AskAsync<object>(_standalone.Database, "SELECT 1 FROM ledger.accounts LIMIT 1") is null
                && await LedgerReader.AskAsync<string>(_standalone.Database, "SELECT to_regclass('ledger.outbox')::text") is not null,
            "the ledger is made", () => _standalone.Process.Output);

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
        await LedgerReader.HoldsExactlyAsync(_standalone.Database, _sender, () => $"seed {_seed}\n{_standalone.Process.Output}");
        Assert.True(_sender.Failures > 0, "The process was never away.");
    }
}
