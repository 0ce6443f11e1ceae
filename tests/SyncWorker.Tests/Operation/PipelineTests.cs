using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using Redbark.Sync.Contracts;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Operation;

public sealed class PipelineTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private WorkerUnderTest _worker = null!;

    private FaultyLedger Faults => (FaultyLedger)_worker.Ledger;

    public async ValueTask InitializeAsync()
    {
        _database = await LedgerDatabase.CreateAsync();
        _worker = new WorkerUnderTest(_database.ConnectionString, services =>
            services.Replace(ServiceDescriptor.Singleton<ILedger>(provider => new FaultyLedger(provider.GetRequiredService<PostgresLedger>()))));
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_fault_that_passes_is_waited_out()
    {
        Faults.Fault = attempt => attempt <= 5 ? new PostgresException("the database system is starting up", "FATAL", "FATAL", PostgresErrorCodes.CannotConnectNow) : null;

        var outcome = await _worker.Pipeline.RunAsync(Sent.Transactions(Sent.Transaction("a", Sent.Account())), CancellationToken.None);

        Assert.Equal((DeliveryStatus.Applied, 6), (outcome.Status, Faults.Attempts));
    }

    [Fact]
    public async Task A_delivery_that_keeps_failing_is_parked_with_its_error_and_can_be_replayed()
    {
        var account = Sent.Account();
        var message = Sent.Transactions(Sent.Transaction("a", account));
        Faults.Fault = _ => new FormatException("a bug");

        var parked = await _worker.Pipeline.RunAsync(message, CancellationToken.None);

        Assert.Equal((DeliveryStatus.Parked, 3), (parked.Status, Faults.Attempts));
        Assert.Equal("FormatException: a bug", await _worker.ScalarAsync<string>("SELECT error FROM ledger.deliveries WHERE status = 'parked'"));

        var replayed = await _worker.Replayer.ReplayAsync(message.Delivery.Id, CancellationToken.None);

        Assert.Equal((DeliveryStatus.Applied, 1), (replayed!.Status, replayed.Applied));
        Assert.Equal(1L, await _worker.ScalarAsync<long>("SELECT count(*) FROM ledger.deliveries WHERE status = 'applied' AND error IS NULL AND replayed_at IS NOT NULL"));
        Assert.Equal(1L, await _worker.ScalarAsync<long>("SELECT count(*) FROM ledger.transactions"));
    }

    [Fact]
    public async Task A_large_delivery_is_read_from_its_body()
    {
        var message = Sent.Transactions(Sent.Transaction("a", Sent.Account()), Sent.Transaction("b", Sent.Account()));

        var outcome = await _worker.Pipeline.RunAsync(new LargeDelivered(message.Delivery with { Envelope = null }), CancellationToken.None);

        Assert.Equal(2, outcome.Applied);
    }

    [Fact]
    public async Task A_damaged_large_delivery_is_parked()
    {
        var message = Sent.Transactions(Sent.Transaction("a", Sent.Account()));

        var outcome = await _worker.Pipeline.RunAsync(
            new LargeDelivered(message.Delivery with { Body = message.Delivery.Body with { GZip = [1, 2, 3] } }), CancellationToken.None);

        Assert.Equal(DeliveryStatus.Parked, outcome.Status);
    }

    [Fact]
    public async Task Connections_cut_while_deliveries_are_applied_cost_nothing()
    {
        var account = Sent.Account();
        var deliveries = Enumerable.Range(0, 60).Select(n => Sent.Transactions([.. Enumerable.Range(0, 50).Select(row => (IWireRow)Sent.Transaction($"{n}-{row}", account))])).ToList();
        using var stop = new CancellationTokenSource();
        var cutting = CutAsync(stop.Token);

        await Parallel.ForEachAsync(deliveries, new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (message, cancellation) => await _worker.Pipeline.RunAsync(message, cancellation));
        await stop.CancelAsync();
        await cutting;

        Assert.Equal(3000L, await _worker.ScalarAsync<long>("SELECT count(*) FROM ledger.transactions"));
        Assert.Equal(60L, await _worker.ScalarAsync<long>("SELECT count(*) FROM ledger.deliveries WHERE status = 'applied' AND applied = 50"));

        async Task CutAsync(CancellationToken stopping)
        {
            while (!stopping.IsCancellationRequested)
            {
                await _database.CutConnectionsAsync();
                await Task.Delay(30, CancellationToken.None);
            }

            _worker.Database.Clear();
        }
    }
}
