using MassTransit;
using Redbark.Sync.Contracts;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Outbox;

namespace Redbark.Sync.Worker.Tests.Operation;

public sealed class HangingBusTests
{
    [Fact]
    public async Task A_publish_that_never_ends_does_not_hold_up_the_outbox()
    {
        var never = new TaskCompletionSource();
        var bus = Bus.Factory.CreateUsingInMemory(memory => memory.ConfigurePublish(pipe => pipe.UseExecuteAsync(_ => never.Task)));
        await bus.StartAsync(TestContext.Current.CancellationToken);
        try
        {
            var clock = new ManualClock();
            var now = clock.GetUtcNow();
            var publishing = new BusEventPublisher(bus, clock).PublishAsync([new EntryRemoved(Guid.CreateVersion7(), now, "transaction", 1, 1, "a", 1)], CancellationToken.None);
            Assert.False(publishing.IsCompleted);
            clock.Advance(TimeSpan.FromSeconds(30));
            await Assert.ThrowsAsync<TimeoutException>(() => publishing.WaitAsync(TimeSpan.FromSeconds(60)));
        }
        finally
        {
            never.SetResult();
            await bus.StopAsync(CancellationToken.None);
        }
    }
}
