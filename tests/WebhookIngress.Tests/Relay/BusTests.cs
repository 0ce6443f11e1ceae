using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Redbark.Sync.Contracts;
using Redbark.Sync.Testing;

namespace Redbark.Sync.Ingress.Tests;

public sealed class BusTests : IDisposable
{
    private static readonly byte[] Body = "{\"id\":\"1\",\"type\":\"transactions.synced\",\"data\":{\"new\":[],\"updated\":[]}}"u8.ToArray();

    private readonly TemporaryDirectory _directory = new("ingress");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_message_that_no_queue_takes_waits_until_one_does()
    {
        await using var host = await TestServers.CreateVirtualHostAsync();
        await using var ingress = await IngressDriver.StartAsync(
            _directory.Path, new() { ["ConnectionStrings:RabbitMq"] = host.ConnectionString }, withBus: true);
        Assert.Equal(200, await ingress.PostAsync(Body));
        await IngressDriver.UntilAsync(() => ingress.Logs.All.Any(line => line.Contains(nameof(MessageReturnedException), StringComparison.Ordinal)));
        Assert.Equal(1ul, ingress.Journal.Published);

        var received = new TaskCompletionSource<ConsumeContext<TransactionsDelivered>>();
        var bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(new Uri(host.ConnectionString));
            rabbit.Publish<IDelivered>(topology => topology.Exclude = true);
            rabbit.ReceiveEndpoint("deliveries", endpoint => endpoint.Handler<TransactionsDelivered>(context =>
            {
                received.TrySetResult(context);
                return Task.CompletedTask;
            }));
        });
        await bus.StartAsync();
        try
        {
            var context = await received.Task.WaitAsync(IngressDriver.Patience);
            Assert.Equal(context.MessageId, context.Message.Delivery.Id);
            await IngressDriver.UntilAsync(() => ingress.Journal.Published == 2);
        }
        finally
        {
            await bus.StopAsync();
        }
    }

    [Fact]
    public async Task It_starts_and_accepts_while_the_broker_is_down()
    {
        await using var ingress = await IngressDriver.StartAsync(
            _directory.Path,
            new() { ["ConnectionStrings:RabbitMq"] = $"amqp://guest:guest@127.0.0.1:{FreePort.Next()}", ["Relay:ConfirmTimeout"] = "00:00:00.3" },
            withBus: true);
        Assert.Equal(200, await ingress.PostAsync(Body));
        Assert.Equal(System.Net.HttpStatusCode.OK, (await ingress.Client.GetAsync("/health/ready")).StatusCode);
        await IngressDriver.UntilAsync(() => ingress.Logs.All.Any(line => line.Contains("they wait in the journal", StringComparison.Ordinal)));
        Assert.Equal(1ul, ingress.Journal.Published);
    }
}
