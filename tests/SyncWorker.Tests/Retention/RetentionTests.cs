using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Retention;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Retention;

public sealed class RetentionTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private TestDatabase? _database;

    public async ValueTask InitializeAsync() => _database = await LedgerDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database!.DisposeAsync();

    [Fact]
    public async Task By_default_all_is_kept_for_ever_and_that_is_said()
    {
        await using var worker = Start([]);
        await ArchivedDeliveries.AddAsync(worker, "feed", Now.AddYears(-9));
        Assert.Equal(
            "removed job_runs_2017_11",
            await RunAsync(worker));
        Assert.Equal(
            "nothing to remove (Deliveries forever, Revisions forever, Balances forever, Reconciliations forever, JobRuns 90 days, Operations 90 days, Audit forever)",
            await RunAsync(worker));
        Assert.Equal(1, await worker.ScalarAsync<long>("SELECT count(*) FROM ledger.deliveries"));
    }

    [Fact]
    public async Task A_month_goes_once_all_of_it_is_too_old()
    {
        await using var worker = Start(new() { ["Retention:Deliveries"] = "100.00:00:00", ["Retention:JobRuns"] = "forever" });
        // A hundred days before now is in August, so July is the last month that goes.
        foreach (var at in (string[])["2026-05-31T23:59:59Z", "2026-07-01T00:00:00Z", "2026-07-31T23:59:59Z", "2026-08-01T00:00:00Z", "2026-11-01T00:00:00Z"])
            await ArchivedDeliveries.AddAsync(worker, "feed", DateTimeOffset.Parse(at));

        Assert.Equal("removed deliveries_2026_05; removed deliveries_2026_07", await RunAsync(worker));
        Assert.Equal(2, await worker.ScalarAsync<long>("SELECT count(*) FROM ledger.deliveries"));
    }

    [Fact]
    public async Task The_audit_log_goes_by_the_month_where_that_is_set()
    {
        await using var worker = Start(new() { ["Retention:Audit"] = "100.00:00:00", ["Retention:JobRuns"] = "forever" });
        foreach (var at in (string[])["2026-05-31T23:59:59Z", "2026-07-31T23:59:59Z", "2026-08-01T00:00:00Z"])
        {
            await worker.ExecuteAsync($"SELECT ledger.ensure_partition('audit', '{at}')");
            await worker.ExecuteAsync($"INSERT INTO ledger.audit (at, id, action, outcome) VALUES ('{at}', gen_random_uuid(), 'job.run', 'done')");
        }

        Assert.Equal("removed audit_2026_05; removed audit_2026_07", await RunAsync(worker));
        Assert.Equal(1, await worker.ScalarAsync<long>("SELECT count(*) FROM ledger.audit"));
    }

    [Fact]
    public async Task A_month_with_what_still_needs_somebody_stays()
    {
        await using var worker = Start(new() { ["Retention:Deliveries"] = "100.00:00:00", ["Retention:JobRuns"] = "forever" });
        await ArchivedDeliveries.AddAsync(worker, "feed", DateTimeOffset.Parse("2026-05-03T00:00:00Z"), "parked");
        await ArchivedDeliveries.AddAsync(worker, "feed", DateTimeOffset.Parse("2026-06-03T00:00:00Z"));
        await worker.ExecuteAsync("""
            INSERT INTO ledger.quarantine (delivery_id, delivery_received_at, row_index, origin, kind, reason, detail, raw_json, row_hash, created_at)
            SELECT id, received_at, 0, 'new', 'transaction', 'amount_invalid', 'x', '{}', gen_random_uuid(), received_at FROM ledger.deliveries WHERE received_at >= '2026-06-01'
            """);
        Assert.Equal(
            "kept deliveries_2026_05: it holds parked deliveries, or rows in quarantine that it brought; kept deliveries_2026_06: it holds parked deliveries, or rows in quarantine that it brought",
            await RunAsync(worker));

        await worker.ExecuteAsync("UPDATE ledger.quarantine SET state = 'dropped', resolved_at = now()");
        Assert.Contains("removed deliveries_2026_06", await RunAsync(worker), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_month_that_is_in_use_stays_for_the_next_night_and_costs_no_other_its_turn()
    {
        await using var worker = Start(new() { ["Retention:Deliveries"] = "100.00:00:00", ["Retention:Audit"] = "100.00:00:00", ["Retention:JobRuns"] = "forever" });
        foreach (var at in (string[])["2026-05-31T23:59:59Z", "2026-06-01T00:00:00Z"])
            await ArchivedDeliveries.AddAsync(worker, "feed", DateTimeOffset.Parse(at));
        worker.Get<RetentionJob>().LongestWait = TimeSpan.FromMilliseconds(50);

        await using (var reader = await worker.Database.OpenConnectionAsync())
        {
            await using var reading = await reader.BeginTransactionAsync();
            await using (var command = new Npgsql.NpgsqlCommand("SELECT count(*) FROM ledger.deliveries_2026_05", reader))
                await command.ExecuteScalarAsync();
            Assert.Equal("left deliveries_2026_05 to the next run: it is in use; removed deliveries_2026_06; removed audit_2026_05; removed audit_2026_06", await RunAsync(worker));
        }

        Assert.Equal("removed deliveries_2026_05", await RunAsync(worker));
    }

    [Fact]
    public async Task The_newest_figures_of_an_account_stay_however_old_they_are()
    {
        await using var worker = Start(new() { ["Retention:Balances"] = "40.00:00:00", ["Retention:JobRuns"] = "forever" });
        await worker.ExecuteAsync("SELECT ledger.ensure_partitions('2026-07-01', 1), ledger.ensure_partitions('2026-11-01', 0)");
        await worker.ExecuteAsync("""
            INSERT INTO ledger.holdings (provider_account_id, retrieved_at, earliest_at, figures)
            VALUES (1, '2026-07-05', '2026-07-05', '{}'), (1, '2026-08-05', '2026-08-05', '{}'), (1, '2026-11-05', '2026-11-05', '{}'), (2, '2026-08-05', '2026-08-05', '{}')
            """);
        Assert.Equal(
            "removed balances_2026_07; removed balances_2026_08; removed holdings_2026_07; kept holdings_2026_08: it holds the newest figures of an account",
            await RunAsync(worker));
    }

    [Fact]
    public async Task The_newest_run_of_a_job_stays_so_that_its_time_is_not_made_up_again()
    {
        await using var worker = Start([]);
        await worker.ExecuteAsync("SELECT ledger.ensure_partitions('2026-05-01', 3), ledger.ensure_partitions('2026-11-01', 0)");
        await worker.ExecuteAsync("""
            INSERT INTO ledger.job_runs (started_at, id, job, trigger, due_at, finished_at, outcome, worker)
            SELECT at, gen_random_uuid(), job, 'schedule', at, at, outcome, 'a:1'
            FROM (VALUES ('2026-05-03'::timestamptz, 'yearly', 'succeeded'), ('2026-06-03', 'yearly', 'succeeded'), ('2026-07-03', 'yearly', 'cancelled'),
                ('2026-07-03', 'hourly', 'failed'), ('2026-11-03', 'hourly', 'failed')) AS run (at, job, outcome)
            """);

        Assert.Equal(
            "removed job_runs_2026_05; kept job_runs_2026_06: it holds the newest run of a job, which says that its time is served; removed job_runs_2026_07",
            await RunAsync(worker));
    }

    [Theory]
    [InlineData("Retention:Deliveries", "30.00:00:00", "Retention:Deliveries: expected 'forever' or a time span of 93 days or more such as '400.00:00:00', found '30.00:00:00'.")]
    [InlineData("Retention:JobRuns", "a month", "Retention:JobRuns: expected 'forever' or a time span of 31 days or more such as '400.00:00:00', found 'a month'.")]
    [InlineData("Retention:Transactions", "400.00:00:00", "Retention:Transactions: expected Deliveries, Revisions, Balances, Reconciliations, JobRuns, Operations, Audit, found 'Transactions'.")]
    public void A_setting_that_cannot_be_used_is_named(string key, string value, string expected)
    {
        var options = new RetentionOptions();
        RetentionOptions.Read(options, new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build());
        Assert.Equal([expected], new RetentionOptionsValidator().Validate(null, options).Failures);
    }

    private static Task<string> RunAsync(WorkerUnderTest worker) => worker.Get<RetentionJob>().RunAsync(CancellationToken.None);

    private WorkerUnderTest Start(Dictionary<string, string?> settings) => new(_database!.ConnectionString, services =>
    {
        services.AddSingleton<TimeProvider>(new ManualClock(Now));
        services.Configure<RetentionOptions>(options => RetentionOptions.Read(options, new ConfigurationBuilder().AddInMemoryCollection(settings).Build()));
    });
}
