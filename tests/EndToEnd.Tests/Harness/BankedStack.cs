using Redbark.Sync.Simulator;
using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.OpenBanking.Revolut;
using Redbark.Sync.Simulator.OpenBanking.TokenIo;
using Redbark.Sync.Simulator.Webhooks;
using Redbark.Sync.Standalone.Commands;
using Redbark.Sync.Standalone.Demo;
using Redbark.Sync.Standalone.Proofs;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Harness;

/// <summary>The distributed shape with two workers, fed by a simulated bank, whose balances Redbark, Revolut and Token.io show. Jobs run when they are told to.</summary>
internal sealed class BankedStack : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly TestVirtualHost _broker;
    private readonly DistributedStack _stack;
    private readonly List<ApiClient> _apis;
    private int _next;

    private BankedStack(TestDatabase database, TestVirtualHost broker, SimulatedRedbark redbark, Uri rest)
    {
        (_database, _broker, Redbark) = (database, broker, redbark);
        // Whoever tells heal-gaps to run has seen that all which was sent is there: nothing is late.
        var settings = new Dictionary<string, string?> { ["Schedule:Enabled"] = "false", ["Gaps:ChunkGrace"] = "00:00:00" };
        DemoSettings.AddProviders(settings, redbark, rest);
        _stack = new DistributedStack(database.ConnectionString, broker.ConnectionString, workers: 2, settings);
        _apis = [.. _stack.Workers.Select(worker => new ApiClient(worker.Address, DistributedStack.Token))];
        redbark.Destination.Url = new Uri(_stack.Ingress.Address, "/webhooks/redbark");
    }

    public SimulatedRedbark Redbark { get; }

    public ApiClient Api => _apis[0];

    public string Output => _stack.Output;

    /// <summary>Three accounts and a broker's. Revolut shows the first two accounts, Token.io the second.</summary>
    public static async Task<BankedStack> StartAsync()
    {
        var redbark = SimulatedRedbark.Create(new SimulatorOptions
        {
            Bank = new BankOptions { Accounts = 3, Rows = 1200 },
            Destination = new Destination { Url = new Uri("http://127.0.0.1/"), Secrets = [Sender.Secret], IncludePending = true },
            Sender = new SenderOptions { ChunkSize = 400 },
            Revolut = new RevolutOptions { Accounts = [new RevolutAccount(0), new RevolutAccount(1)] },
            TokenIo = new TokenIoOptions { Accounts = [1] },
        });
        var stack = new BankedStack(await TestServers.CreateDatabaseAsync(), await TestServers.CreateVirtualHostAsync(), redbark, await redbark.StartRestAsync());
        await stack._stack.StartAsync();
        return stack;
    }

    /// <summary>One sync, until the ledger has all of it that was sent.</summary>
    public async Task SyncAsync(SyncFaults? faults = null)
    {
        var run = await Redbark.RunAsync(faults);
        Assert.Equal(RunOutcome.Delivered, run.Outcome);
        var sent = run.Chunks.Count(chunk => chunk.Outcome == ChunkOutcome.Delivered);
        await Eventually.EqualsAsync(
            (long)sent, () => LedgerReader.AskAsync<long>(_database.ConnectionString, $"SELECT count(*) FROM ledger.deliveries WHERE run_id = '{run.RunId}'"), () => Output);
    }

    /// <summary>Runs a job now, on one worker after the other in turn.</summary>
    public Task<JobEnd> RunAsync(string job) => JobRuns.RunAsync(_apis[_next++ % _apis.Count], job, TestContext.Current.CancellationToken);

    /// <summary>What is said of each account by each provider; securities by their symbol.</summary>
    public async Task<List<Proof>> ProofsAsync() =>
        await Api.ListAsync("/api/v1/reconciliation?limit=1000", TestContext.Current.CancellationToken).Select(Proof.Read).ToListAsync();

    public async ValueTask DisposeAsync()
    {
        _apis.ForEach(api => api.Dispose());
        await _stack.DisposeAsync();
        await Redbark.DisposeAsync();
        await _broker.DisposeAsync();
        await _database.DisposeAsync();
    }
}
