using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;
using Redbark.Sync.Contracts;
using Redbark.Sync.Hosting;
using Redbark.Sync.Testing;

namespace Redbark.Sync.Ingress.Tests;

public sealed class PublishingBusTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly ManualClock _clock = new();
    private readonly TaskCompletionSource _never = new();
    private int _buses;
    private int _published;

    [Fact]
    public async Task A_bus_that_is_stuck_is_replaced_when_the_broker_answers_and_not_before()
    {
        var isThere = false;
        using var bus = Start(isStuck: number => number == 1, () => isThere);
        await bus.StartAsync(CancellationToken.None);
        try
        {
            // The broker is away: another bus would be no better.
            for (var tries = 0; tries < 4; tries++)
                await FailsAsync(bus);
            Assert.Equal(1, _buses);

            isThere = true;
            await FailsAsync(bus);
            await Eventually.EqualsAsync(2, () => Task.FromResult(_buses));
            await Eventually.HoldsAsync(async () => await TriesAsync(bus), "the next is used");
            Assert.Equal(1, _published);
        }
        finally
        {
            _never.SetResult();
            await bus.StopAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_bus_that_gets_something_through_stays_though_a_publish_hangs()
    {
        var calls = 0;
        using var bus = new PublishingBus(
            () => Make(_ => Interlocked.Increment(ref calls) % 2 == 0 ? _never.Task : Task.CompletedTask), new Probe(() => true), _clock, NullLogger<PublishingBus>.Instance);
        await bus.StartAsync(CancellationToken.None);
        try
        {
            for (var tries = 0; tries < 3; tries++)
            {
                Assert.True(await TriesAsync(bus));
                await FailsAsync(bus);
            }

            Assert.Equal(1, _buses);
        }
        finally
        {
            _never.SetResult();
            await bus.StopAsync(CancellationToken.None);
        }
    }

    private PublishingBus Start(Func<int, bool> isStuck, Func<bool> answers) => new(
        () => Make(isStuck(_buses + 1) ? _ => _never.Task : _ => Task.FromResult(Interlocked.Increment(ref _published))), new Probe(answers), _clock, NullLogger<PublishingBus>.Instance);

    private IBusControl Make(Func<PublishContext, Task> publish)
    {
        Interlocked.Increment(ref _buses);
        return Bus.Factory.CreateUsingInMemory(memory => memory.ConfigurePublish(pipe => pipe.UseExecuteAsync(publish)));
    }

    private static Task PublishAsync(PublishingBus bus) =>
        bus.PublishAsync(new EntryRemoved(Guid.CreateVersion7(), DateTimeOffset.UnixEpoch, "transaction", 1, 1, "a", 1), _ => { }, Limit, CancellationToken.None);

    private static async Task<bool> TriesAsync(PublishingBus bus)
    {
        var publishing = PublishAsync(bus);
        return await Task.WhenAny(publishing, Task.Delay(TimeSpan.FromSeconds(1))) == publishing;
    }

    private async Task FailsAsync(PublishingBus bus)
    {
        var publishing = PublishAsync(bus);
        Assert.False(publishing.IsCompleted);
        _clock.Advance(Limit);
        await Assert.ThrowsAsync<TimeoutException>(() => publishing.WaitAsync(IngressDriver.Patience));
    }

    private sealed class Probe(Func<bool> answers) : IBrokerProbe
    {
        public Task<bool> AnswersAsync(CancellationToken cancellation) => Task.FromResult(answers());
    }
}
