using Microsoft.EntityFrameworkCore;
using Npgsql;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Operation;

public sealed class DatabaseTests(LedgerFixture fixture) : IClassFixture<LedgerFixture>
{
    [Fact]
    public async Task Workers_that_start_at_once_migrate_once()
    {
        await using var database = await TestServers.CreateDatabaseAsync();
        var workers = Enumerable.Range(0, 4).Select(_ => new WorkerUnderTest(database.ConnectionString)).ToList();

        await Task.WhenAll(workers.Select(worker => worker.Get<Migrator>().MigrateAsync(CancellationToken.None)));

        var migrations = typeof(Migrator).Assembly.GetTypes().Count(type => type.IsSubclassOf(typeof(Microsoft.EntityFrameworkCore.Migrations.Migration)));
        Assert.Equal(migrations, await workers[0].ScalarAsync<long>("SELECT count(*) FROM ledger.migrations"));
        foreach (var worker in workers)
            await worker.DisposeAsync();
    }

    [Fact]
    public async Task Every_table_of_the_model_can_be_read()
    {
        await fixture.Worker.ApplyAsync(Sent.Transactions(Sent.Transaction("a", Sent.Account())));
        await fixture.Worker.ApplyAsync(Sent.Trades(Sent.Trade("a", Sent.Account())));
        await using var context = await fixture.Worker.Get<IDbContextFactory<LedgerDbContext>>().CreateDbContextAsync();

        Assert.NotEmpty(await context.Accounts.ToListAsync());
        Assert.NotEmpty(await context.Transactions.ToListAsync());
        Assert.NotEmpty(await context.TransactionVersions.ToListAsync());
        Assert.NotEmpty(await context.Trades.ToListAsync());
        Assert.NotEmpty(await context.TradeVersions.ToListAsync());
        Assert.NotEmpty(await context.Positions.ToListAsync());
        Assert.NotEmpty(await context.Deliveries.ToListAsync());
        Assert.Empty(await context.SyncRuns.ToListAsync());
        Assert.Empty(await context.SyncRunChunks.ToListAsync());
        Assert.Empty(await context.Quarantine.ToListAsync());
    }

    [Fact]
    public async Task A_delivery_of_a_month_without_a_partition_makes_one()
    {
        var old = Sent.Today.AddMonths(-14);

        var outcome = await fixture.Worker.ApplyAsync(Sent.Body(Sent.Write(EventTypes.TransactionsSynced, [Sent.Transaction("old", Sent.Account())]), old));

        Assert.Equal(1, outcome.Applied);
        Assert.Equal($"deliveries_{old:yyyy_MM}", await fixture.Worker.ScalarAsync<string>("SELECT c.relname::text FROM ledger.deliveries d JOIN pg_class c ON c.oid = d.tableoid WHERE d.id = $1", outcome.DeliveryId));
    }

    [Fact]
    public async Task The_months_ahead_have_partitions()
    {
        await fixture.Worker.Get<Partitions>().EnsureAheadAsync(CancellationToken.None);

        await Assert.AllAsync((string[])["deliveries", "transaction_revisions", "trade_revisions"], async table => Assert.True(
            await fixture.Worker.ScalarAsync<bool>("SELECT to_regclass($1) IS NOT NULL", $"ledger.{table}_{DateTime.UtcNow.AddMonths(3):yyyy_MM}")));
    }

    [Theory]
    [InlineData(null, "found nothing")]
    [InlineData("nonsense", "found something that is none")]
    [InlineData("Username=me", "found one without a Host")]
    public void A_wrong_connection_string_is_named_with_what_is_expected(string? value, string found)
    {
        var result = new DatabaseOptionsValidator().Validate(null, new DatabaseOptions { ConnectionString = value });

        Assert.Contains("ConnectionStrings:Ledger: expected", result.FailureMessage, StringComparison.Ordinal);
        Assert.Contains(found, result.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_is_away_is_waited_for_and_a_wrong_statement_is_not()
    {
        Assert.True(TransientFaults.IsTransient(new NpgsqlException("away", new System.Net.Sockets.SocketException(111))));
        Assert.True(TransientFaults.IsTransient(new PostgresException("starting up", "FATAL", "FATAL", PostgresErrorCodes.CannotConnectNow)));
        Assert.True(TransientFaults.IsTransient(new PostgresException("deadlock", "ERROR", "ERROR", PostgresErrorCodes.DeadlockDetected)));
        Assert.False(TransientFaults.IsTransient(new PostgresException("no such column", "ERROR", "ERROR", PostgresErrorCodes.UndefinedColumn)));
        Assert.False(TransientFaults.IsTransient(new InvalidOperationException()));
    }
}
