using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Redbark.Sync.Contracts;
using Redbark.Sync.Simulator;
using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.Rest;
using Redbark.Sync.Simulator.Webhooks;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire.Rest;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances.RedbarkRest;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Scheduling;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Gaps;

public sealed class LostChunkTests : IAsyncLifetime
{
    private readonly BankClock _clock = new(TimeProvider.System);
    private TestDatabase _database = null!;
    private WebApplication _receiver = null!;
    private SimulatedRedbark _redbark = null!;
    private WorkerUnderTest _worker = null!;

    public async ValueTask InitializeAsync()
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
            await _worker.ApplyAsync(Sent.Body(body.ToArray(), _clock.GetUtcNow()));
        });
        await _receiver.StartAsync();
        _redbark = SimulatedRedbark.Create(
            new SimulatorOptions
            {
                Destination = new Destination { Url = new Uri(_receiver.Urls.Single() + "/hook"), Secrets = ["whsec_test"] },
                Sender = new SenderOptions { ChunkSize = 400 },
            }, _clock);
        var url = await _redbark.StartRestAsync();
        _worker = new WorkerUnderTest(_database.ConnectionString, services =>
        {
            services.AddSingleton<TimeProvider>(_clock);
            services.AddSingleton(new RedbarkAccess(new RedbarkClient(
                ProviderHttp.Create(url, _clock),
                new RedbarkClientOptions { ApiKey = "rbk_live_simulated", HeavyPerMinute = 1000, CheapPerMinute = 1000 }, _clock)));
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _redbark.DisposeAsync();
        await _receiver.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_lost_chunk_is_found_after_the_grace_time_and_healed_exactly()
    {
        await _redbark.RunAsync(new SyncFaults { Chunk = 2, Drop = true });
        Assert.Equal("no gap", await HealAsync());
        var before = await RowsAsync("revision || content_hash::text");
        _clock.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal("1 gap found; 1 gap healed: 400 rows of 3 accounts", await HealAsync());

        Assert.Equal(Bank(), await RowsAsync("trim_scale(amount)"));
        Assert.Subset((await RowsAsync("revision || content_hash::text")).ToHashSet(), before.ToHashSet());
        Assert.Equal(["missing_chunk healed 400 {2}"], await GapsAsync());
        Assert.Equal(["GapDetected", "GapHealed"], await _worker.QueryAsync("SELECT type FROM ledger.outbox WHERE type LIKE 'Gap%' ORDER BY id", row => row.GetString(0)));
        Assert.Equal("no gap", await HealAsync());
    }

    [Fact]
    public async Task A_ledger_rebuilt_from_the_archive_has_the_healed_rows()
    {
        await _redbark.RunAsync(new SyncFaults { Chunk = 2, Drop = true });
        _clock.Advance(TimeSpan.FromMinutes(11));
        await HealAsync();
        var healed = await RowsAsync("content_hash || observed_at::text");

        await _worker.ExecuteAsync("TRUNCATE ledger.transactions, ledger.trades, ledger.accounts");
        await _worker.Replayer.ReplayAllAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, null, CancellationToken.None);

        Assert.Equal(healed, await RowsAsync("content_hash || observed_at::text"));
    }

    [Fact]
    public async Task A_cached_answer_from_before_the_run_does_not_close_the_gap()
    {
        _redbark.RestFaults.Caches = true;
        await _redbark.RunAsync(new SyncFaults { Chunk = 2, Drop = true });
        _clock.Advance(TimeSpan.FromMinutes(11));
        // Somebody else's calls fill the cache: each answer says that it is one.
        await HealAsync();
        await _worker.ExecuteAsync("UPDATE ledger.gaps SET state = 'open', closed_at = NULL, as_of = as_of + interval '12 minutes'");

        Assert.Equal("1 open", await HealAsync());
        Assert.Equal(["missing_chunk open 400 {2}"], await GapsAsync());

        _clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal("1 gap healed: 400 rows of 3 accounts", await HealAsync());
    }

    [Fact]
    public async Task A_run_whose_chunks_lack_nothing_by_REST_ends_empty_and_removes_nothing()
    {
        await _redbark.RunAsync();
        await _worker.ExecuteAsync("DELETE FROM ledger.sync_run_chunks WHERE chunk = 2");
        var before = await RowsAsync("revision || content_hash::text");
        _clock.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal("1 gap found; 1 empty", await HealAsync());

        Assert.Equal(before, await RowsAsync("revision || content_hash::text"));
        Assert.Equal(["missing_chunk empty 0 {2}"], await GapsAsync());
    }

    [Fact]
    public async Task HTML_instead_of_rows_leaves_the_gap_open_with_the_reason()
    {
        await _redbark.RunAsync(new SyncFaults { Chunk = 2, Drop = true });
        _clock.Advance(TimeSpan.FromMinutes(11));
        _redbark.RestFaults.Spoil(BodyFault.Html, "/v1/transactions");

        Assert.StartsWith("1 gap found; 1 open; ", await HealAsync());
        Assert.Equal("1 open", await HealAsync());
        _clock.Advance(TimeSpan.FromMinutes(15));

        Assert.Equal("1 gap healed: 400 rows of 3 accounts", await HealAsync());
        Assert.Equal(Bank(), await RowsAsync("trim_scale(amount)"));
    }

    [Fact]
    public async Task A_run_that_completes_late_closes_its_gap_by_itself()
    {
        await _redbark.RunAsync();
        await _worker.ExecuteAsync("CREATE TABLE late AS SELECT * FROM ledger.sync_run_chunks WHERE chunk = 2; DELETE FROM ledger.sync_run_chunks WHERE chunk = 2");
        _clock.Advance(TimeSpan.FromMinutes(11));
        _redbark.RestFaults.Spoil(BodyFault.Html, "/v1/transactions", 9);
        await HealAsync();
        await _worker.ExecuteAsync("INSERT INTO ledger.sync_run_chunks SELECT * FROM late");

        Assert.Equal("no gap", await HealAsync());
        Assert.Equal(["missing_chunk healed 0 {2}"], await GapsAsync());
    }

    [Fact]
    public async Task Two_workers_at_once_heal_once()
    {
        await _redbark.RunAsync(new SyncFaults { Chunk = 2, Drop = true });
        _clock.Advance(TimeSpan.FromMinutes(11));

        await Task.WhenAll(HealAsync(), HealAsync());

        Assert.Equal(["missing_chunk healed 400 {2}"], await GapsAsync());
        Assert.Equal(1, await _worker.ScalarAsync<long>("SELECT count(*) FROM ledger.outbox WHERE type = 'GapHealed'"));
        Assert.Equal(3, await _worker.ScalarAsync<long>("SELECT count(*) FROM ledger.gap_reads"));
    }

    private Task<string> HealAsync() => _worker.Get<IEnumerable<IScheduledJob>>().Single(job => job.Id == "heal-gaps").RunAsync(CancellationToken.None);

    private Task<List<string>> GapsAsync() =>
        _worker.QueryAsync("SELECT concat_ws(' ', kind, state, rows_applied, missing_chunks::text) FROM ledger.gaps ORDER BY id", row => row.GetString(0));

    private async Task<List<string>> RowsAsync(string content)
    {
        var rows = await _worker.QueryAsync(
            $"SELECT concat_ws(' ', a.external_id, t.external_id, {content}) FROM ledger.transactions t JOIN ledger.accounts a ON a.id = t.account_id", row => row.GetString(0));
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    private List<string> Bank()
    {
        var currencies = _redbark.Bank.Accounts.ToDictionary(account => account.Id, account => account.Currency);
        return
        [
            .. _redbark.Bank.Transactions.Where(row => row.Status == TransactionStatus.Posted)
                .Select(row => FormattableString.Invariant($"{row.AccountId} {row.Id} {Money.FromMinorUnits(row.MinorUnits, currencies[row.AccountId]).Amount:0.####}"))
                .Order(StringComparer.Ordinal),
        ];
    }
}
