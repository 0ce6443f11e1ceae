using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Redbark.Sync.Contracts;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Outbox;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Operation;

public sealed class OutboxTests : IAsyncLifetime
{
    private readonly Recorder _published = new();
    private TestDatabase _database = null!;
    private WorkerUnderTest _worker = null!;

    private OutboxRelay Relay => _worker.Get<IEnumerable<IHostedService>>().OfType<OutboxRelay>().Single();

    public async ValueTask InitializeAsync()
    {
        _database = await LedgerDatabase.CreateAsync();
        _worker = new WorkerUnderTest(_database.ConnectionString, services => services.Replace(ServiceDescriptor.Singleton<IEventPublisher>(_published)));
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Each_change_is_told_once_with_what_it_was_then()
    {
        var account = Sent.Account();
        await _worker.ApplyAsync(At(1, Sent.Transaction("a", account, 100) with { Status = "pending" }));
        await _worker.ApplyAsync(At(2, Sent.Transaction("a", account, 200)));
        await _worker.ApplyAsync(At(3, Sent.Transaction("a", account, 300)));
        await _worker.ApplyAsync(Sent.Trades(Sent.Trade("t", account)));

        await Relay.RelayAsync(CancellationToken.None);

        Assert.Equal(
            ["TransactionRecorded 1 1.00 Pending", "TransactionSettled 2 2.00 Posted", "TransactionChanged 3 3.00 Posted", "TradeRecorded 1 10"],
            _published.Events.Select(happened => happened switch
            {
                TransactionRecorded { Transaction: var row } => $"TransactionRecorded {row.Revision} {row.Amount.Amount} {row.Status}",
                TransactionSettled { Transaction: var row } => $"TransactionSettled {row.Revision} {row.Amount.Amount} {row.Status}",
                TransactionChanged { Transaction: var row } => $"TransactionChanged {row.Revision} {row.Amount.Amount} {row.Status}",
                TradeRecorded { Trade: var row } => $"TradeRecorded {row.Revision} {row.Quantity}",
                _ => happened.ToString()!,
            }));
        Assert.Equal(0L, await _worker.ScalarAsync<long>("SELECT count(*) FROM ledger.outbox"));
    }

    [Fact]
    public async Task What_the_broker_refused_is_published_again_with_the_same_ids()
    {
        await _worker.ApplyAsync(Sent.Transactions([.. Enumerable.Range(0, 10_000).Select(n => (IWireRow)Sent.Transaction($"{n}", "one"))]));
        _published.Fault = new InvalidOperationException("no broker");
        await Assert.ThrowsAsync<InvalidOperationException>(() => Relay.RelayAsync(CancellationToken.None));
        var first = _published.Events.Select(happened => happened.EventId).ToList();
        (_published.Fault, _published.Events) = (null, []);

        await Relay.RelayAsync(CancellationToken.None);

        Assert.Equal(10_000, first.Distinct().Count());
        Assert.Equal(first, _published.Events.Select(happened => happened.EventId));
    }

    [Fact]
    public async Task Relays_at_once_publish_everything_once()
    {
        for (var n = 0; n < 100; n++)
            await _worker.ApplyAsync(Sent.Transactions(Sent.Transaction($"{n}", "one")));
        _published.Events = [];

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (await _worker.ScalarAsync<long>("SELECT count(*) FROM ledger.outbox") > 0)
                await Relay.RelayAsync(CancellationToken.None);
        }));

        Assert.Equal(100, _published.Events.Select(happened => happened.EventId).Distinct().Count());
        Assert.Equal(100, _published.Events.Count);
    }

    private static IDelivered At(int hour, params IWireRow[] rows) =>
        Sent.Body(Sent.Write(EventTypes.TransactionsSynced, rows, created: Sent.Today.AddHours(hour - 10)));

    private sealed class Recorder : IEventPublisher
    {
        public List<IWorkerEvent> Events { get; set; } = [];

        public Exception? Fault { get; set; }

        public bool HasAudience => true;

        public Task PublishAsync(IReadOnlyList<IWorkerEvent> events, CancellationToken cancellation)
        {
            lock (Events)
                Events.AddRange(events);
            return Fault is null ? Task.CompletedTask : Task.FromException(Fault);
        }
    }
}
