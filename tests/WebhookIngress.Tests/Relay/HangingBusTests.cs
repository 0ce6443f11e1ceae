using MassTransit;
using Microsoft.Extensions.Options;
using Redbark.Sync.Contracts;
using Redbark.Sync.Ingress.Relay;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Ingress.Tests;

public sealed class HangingBusTests
{
    [Fact]
    public async Task A_publish_that_heeds_no_token_is_left_behind_and_the_next_one_goes_through()
    {
        var (calls, never) = (0, new TaskCompletionSource());
        var bus = Bus.Factory.CreateUsingInMemory(memory =>
        {
            memory.Publish<IDelivered>(topology => topology.Exclude = true);
            memory.ConfigurePublish(pipe => pipe.UseExecuteAsync(_ => Interlocked.Increment(ref calls) == 1 ? never.Task : Task.CompletedTask));
        });
        await bus.StartAsync(TestContext.Current.CancellationToken);
        try
        {
            var publisher = new BusDeliveryPublisher(bus, Options.Create(new RelayOptions { ConfirmTimeout = TimeSpan.FromMilliseconds(200) }), TimeProvider.System);
            var message = new LargeDelivered(new Delivery
            {
                Id = Guid.CreateVersion7(),
                Feed = "redbark",
                TimeZone = "UTC",
                ReceivedAt = DateTimeOffset.UtcNow,
                SignedAt = DateTimeOffset.UtcNow,
                Headers = new Dictionary<string, string>(),
                SecretName = "Secrets:0",
                Body = BodyStore.Pack("{}"u8),
            });
            await Assert.ThrowsAsync<TimeoutException>(() => publisher.PublishAsync(message, CancellationToken.None)).WaitAsync(IngressDriver.Patience, TestContext.Current.CancellationToken);
            await publisher.PublishAsync(message, CancellationToken.None);
            Assert.Equal(2, calls);
        }
        finally
        {
            never.SetResult();
            await bus.StopAsync(CancellationToken.None);
        }
    }
}
