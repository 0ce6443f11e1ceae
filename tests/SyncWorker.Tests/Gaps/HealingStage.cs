using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Redbark.Sync.Contracts;
using Redbark.Sync.Simulator;
using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.Webhooks;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Wire.Rest;
using Redbark.Sync.Worker.Balances.RedbarkRest;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Scheduling;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Gaps;

/// <summary>A simulated Redbark whose webhooks enter a real ledger at once, and whose REST the worker reads; all by one clock that can be moved on.</summary>
internal sealed class HealingStage : IAsyncDisposable
{
    private TestDatabase _database = null!;
    private WebApplication _receiver = null!;

    public BankClock Clock { get; } = new(TimeProvider.System);

    public SimulatedRedbark Redbark { get; private set; } = null!;

    public WorkerUnderTest Worker { get; private set; } = null!;

    public BankOptions Bank { get; init; } = new();

    public async ValueTask StartAsync()
    {
        _database = await LedgerDatabase.CreateAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _receiver = builder.Build();
        _receiver.MapPost("/hook", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            await Worker.ApplyAsync(Sent.Body(body.ToArray(), Clock.GetUtcNow()));
        });
        await _receiver.StartAsync();
        Redbark = SimulatedRedbark.Create(
            new SimulatorOptions
            {
                Bank = Bank,
                Destination = new Destination { Url = new Uri(_receiver.Urls.Single() + "/hook"), Secrets = ["whsec_test"], IncludePending = true },
                Sender = new SenderOptions { ChunkSize = 400 },
            }, Clock);
        var url = await Redbark.StartRestAsync();
        Worker = new WorkerUnderTest(_database.ConnectionString, services =>
        {
            services.AddSingleton<TimeProvider>(Clock);
            services.AddSingleton(new RedbarkAccess(new RedbarkClient(
                ProviderHttp.Create(url, Clock),
                new RedbarkClientOptions { ApiKey = "rbk_live_simulated", HeavyPerMinute = 1000, CheapPerMinute = 1000 }, Clock)));
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Worker.DisposeAsync();
        await Redbark.DisposeAsync();
        await _receiver.DisposeAsync();
        await _database.DisposeAsync();
    }

    public Task<string> RunJobAsync(string id) => Worker.Get<IEnumerable<IScheduledJob>>().Single(job => job.Id == id).RunAsync(CancellationToken.None);

    public Task<string> HealAsync() => RunJobAsync("heal-gaps");

    /// <summary>Reads the bank's balances, and proves.</summary>
    public async Task<string> ProveAsync()
    {
        await RunJobAsync("poll-balances-redbark");
        return await RunJobAsync("reconcile");
    }

    /// <summary>A day passes after another, each with its look at the balances.</summary>
    public async Task PassAsync(int days)
    {
        for (var day = 0; day < days; day++)
        {
            Clock.Advance(TimeSpan.FromDays(1));
            await ProveAsync();
        }
    }

    /// <summary>The types of what was told of drift and gaps, in order.</summary>
    public Task<List<string>> EventsAsync() =>
        Worker.QueryAsync("SELECT type FROM ledger.outbox WHERE type LIKE 'Gap%' OR type LIKE 'Drift%' ORDER BY id", row => row.GetString(0));

    public Task<List<string>> GapsAsync() =>
        Worker.QueryAsync("SELECT concat_ws(' ', kind, state, rows_applied, missing_chunks::text) FROM ledger.gaps ORDER BY id", row => row.GetString(0));

    /// <summary>The ledger's rows: account, id, and what is asked for.</summary>
    public async Task<List<string>> RowsAsync(string content)
    {
        var rows = await Worker.QueryAsync(
            $"SELECT concat_ws(' ', a.external_id, t.external_id, {content}) FROM ledger.transactions t JOIN ledger.accounts a ON a.id = t.account_id", row => row.GetString(0));
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    /// <summary>The rows that the bank has: account, id, amount.</summary>
    public List<string> BankRows()
    {
        var currencies = Redbark.Bank.Accounts.ToDictionary(account => account.Id, account => account.Currency);
        return
        [
            .. Redbark.Bank.Transactions
                .Select(row => FormattableString.Invariant($"{row.AccountId} {row.Id} {Money.FromMinorUnits(row.MinorUnits, currencies[row.AccountId]).Amount:0.####}"))
                .Order(StringComparer.Ordinal),
        ];
    }
}
