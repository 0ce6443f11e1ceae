using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Scheduling;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Balances;

/// <summary>A worker with three fake providers over a database of its own, in a time of its own.</summary>
internal sealed class BalanceStage : IAsyncDisposable
{
    private readonly List<WorkerUnderTest> _workers = [];

    private BalanceStage(TestDatabase database, IReadOnlyList<BalanceLink> links)
    {
        Database = database;
        (Redbark, Revolut, TokenIo) = (new("redbark", Clock), new("revolut", Clock), new("tokenio", Clock));
        Worker = Another(links);
    }

    public TestDatabase Database { get; }

    public ManualClock Clock { get; } = new();

    public FakeProvider Redbark { get; }

    public FakeProvider Revolut { get; }

    public FakeProvider TokenIo { get; }

    public WorkerUnderTest Worker { get; }

    public static async Task<BalanceStage> OpenAsync(params BalanceLink[] links) => new(await LedgerDatabase.CreateAsync(), links);

    /// <summary>One more worker on the same database, or the same one after a restart with other settings.</summary>
    public WorkerUnderTest Another(params IReadOnlyList<BalanceLink> links)
    {
        var worker = new WorkerUnderTest(Database.ConnectionString, services =>
        {
            services.AddSingleton<TimeProvider>(Clock);
            services.RemoveAll<IBalanceProvider>();
            foreach (var provider in (FakeProvider[])[Redbark, Revolut, TokenIo])
                services.AddSingleton<IBalanceProvider>(provider);
            services.Configure<BalanceOptions>(options => options.Links = links);
        });
        _workers.Add(worker);
        return worker;
    }

    public Task<string> RunAsync(string job, WorkerUnderTest? worker = null) => Job(job, worker).RunAsync(CancellationToken.None);

    public IScheduledJob Job(string job, WorkerUnderTest? worker = null) => (worker ?? Worker).Get<IEnumerable<IScheduledJob>>().Single(some => some.Id == job);

    /// <summary>The last good balance, and what is wrong with it, of every account.</summary>
    public Task<List<string>> BalancesAsync() => Worker.QueryAsync("""
        SELECT concat_ws(' ', p.external_id, coalesce(b.current::text, 'none'), p.last_error_fault, CASE WHEN p.gone_at IS NOT NULL THEN 'gone' END)
        FROM ledger.provider_accounts p LEFT JOIN ledger.balances b ON b.id = p.last_balance_id AND b.retrieved_at = p.last_balance_at ORDER BY p.external_id
        """, row => row.GetString(0));

    /// <summary>Types of the events in the outbox, in their order.</summary>
    public Task<List<string>> EventsAsync(string type) =>
        Worker.QueryAsync("SELECT content::text FROM ledger.outbox WHERE type = $1 ORDER BY id", row => row.GetString(0), type);

    public Task<long> LedgerAccountAsync(string externalId) => Worker.ScalarAsync<long>("SELECT id FROM ledger.accounts WHERE external_id = $1", externalId);

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
            await worker.DisposeAsync();
        await Database.DisposeAsync();
    }
}
