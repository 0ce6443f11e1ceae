using System.Text.Json;
using MassTransit;
using MassTransit.Mediator;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Redbark.Sync.Contracts;
using Redbark.Sync.Hosting;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Operation;

public sealed class ConsumerTests(LedgerFixture fixture) : IClassFixture<LedgerFixture>
{
    private static IDelivered[] OneOfEach()
    {
        var large = Sent.Transactions(Sent.Transaction("large", Sent.Account()));
        return
        [
            Sent.Transactions(Sent.Transaction("a", Sent.Account())), Sent.Trades(Sent.Trade("a", Sent.Account())), Sent.Body("nonsense"),
            Sent.Body("""{"type":"account.updated","created":1}"""), new LargeDelivered(large.Delivery with { Envelope = null }),
        ];
    }

    [Fact]
    public async Task In_one_process_a_message_is_done_when_it_is_committed()
    {
        await using var worker = new WorkerUnderTest(fixture.Database.ConnectionString, services => services.AddMediator(mediator => mediator.AddWorkerConsumers()));
        var mediator = worker.Get<IMediator>();

        foreach (var message in OneOfEach())
        {
            await mediator.Send(message, message.GetType());
            Assert.Equal(1L, await worker.ScalarAsync<long>("SELECT count(*) FROM ledger.deliveries WHERE id = $1 AND status <> 'parked'", message.Delivery.Id));
        }
    }

    [Fact]
    public async Task Over_RabbitMQ_every_kind_of_delivery_is_applied_and_its_changes_are_published()
    {
        await using var host = await TestServers.CreateVirtualHostAsync();
        await using var database = await LedgerDatabase.CreateAsync();
        await using var worker = Worker(database, host);
        var recorded = new TaskCompletionSource<TransactionRecorded>(TaskCreationOptions.RunContinuationsAsynchronously);
        var bus = Bus.Factory.CreateUsingRabbitMq(configurator =>
        {
            configurator.Host(new Uri(host.ConnectionString));
            configurator.Publish<IDelivered>(topology => topology.Exclude = true);
            configurator.ReceiveEndpoint("listener", endpoint => endpoint.Handler<TransactionRecorded>(context =>
            {
                recorded.TrySetResult(context.Message);
                return Task.CompletedTask;
            }));
        });
        await worker.StartAsync();
        await bus.StartAsync();

        var messages = OneOfEach();
        foreach (var message in messages)
            await bus.Publish(message, message.GetType());

        await using var look = new WorkerUnderTest(database.ConnectionString);
        await EventuallyAsync(async () => await look.ScalarAsync<long>("SELECT count(*) FROM ledger.deliveries WHERE status <> 'parked'") == messages.Length);
        var happened = await recorded.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(new Money(-45.50m, "AUD"), happened.Transaction.Amount);
        await QueuesAreSafeAsync(host);

        await bus.StopAsync();
        await worker.StopAsync();
    }

    [Fact]
    public async Task A_worker_that_stops_while_it_waits_for_the_database_leaves_the_message_in_the_queue()
    {
        await using var host = await TestServers.CreateVirtualHostAsync();
        await using var database = await LedgerDatabase.CreateAsync();
        var message = Sent.Transactions(Sent.Transaction("a", Sent.Account()));
        await WaitInVainAsync(message, database, host);

        await using var back = Worker(database, host);
        await back.StartAsync();

        await using var look = new WorkerUnderTest(database.ConnectionString);
        await EventuallyAsync(async () => await look.ScalarAsync<long>("SELECT count(*) FROM ledger.deliveries WHERE status = 'applied'") == 1);
        await back.StopAsync();
    }

    // On its own: MassTransit leaves the logging of a host in the flow that started it.
    private static async Task WaitInVainAsync(IDelivered message, TestDatabase database, TestVirtualHost host)
    {
        var ledger = new FaultyLedger(null!) { Fault = _ => new Npgsql.NpgsqlException("away", new TimeoutException()) };
        await using var away = Worker(database, host, services => services.Replace(ServiceDescriptor.Singleton<ILedger>(ledger)));
        await away.StartAsync();
        await away.Services.GetRequiredService<IBus>().Publish(message, message.GetType());
        await EventuallyAsync(() => Task.FromResult(ledger.Attempts >= 3));
        await away.StopAsync();
    }

    private static async Task QueuesAreSafeAsync(TestVirtualHost host)
    {
        var queues = (await host.QueuesAsync()).EnumerateArray().ToDictionary(queue => queue.GetProperty("name").GetString()!, queue => queue.Clone());
        foreach (var kind in (string[])["transactions", "trades", "unreadable", "unrecognised", "large"])
        {
            var arguments = queues[$"redbark-worker-{kind}"].GetProperty("arguments");
            Assert.Equal("quorum", arguments.GetProperty("x-queue-type").GetString());
            Assert.Equal("redbark-worker-parked", arguments.GetProperty("x-dead-letter-exchange").GetString());
            Assert.True(arguments.GetProperty("x-consumer-timeout").GetInt64() > 30 * 60 * 1000L);
        }

        Assert.Equal("quorum", queues["redbark-worker-parked"].GetProperty("arguments").GetProperty("x-queue-type").GetString());
    }

    private static WebApplication Worker(TestDatabase database, TestVirtualHost host, Action<IServiceCollection>? change = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            [new(DatabaseOptions.Key, database.ConnectionString), new("ConnectionStrings:RabbitMq", host.ConnectionString), new("urls", "http://127.0.0.1:0")]);
        builder.AddWorker();
        builder.AddWorkerBus();
        // These tests publish without asking whether a queue is bound yet.
        builder.Services.Configure<MassTransitHostOptions>(options => options.WaitUntilStarted = true);
        change?.Invoke(builder.Services);
        return builder.Build();
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
            await Task.Delay(50, patience.Token);
    }
}
