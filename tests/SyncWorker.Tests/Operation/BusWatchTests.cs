using System.Reflection;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Redbark.Sync.Hosting;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Consumers;

namespace Redbark.Sync.Worker.Tests.Operation;

/// <summary>Changes the exit code of this process, and puts it back.</summary>
public sealed class BusWatchTests
{
    private readonly ManualClock _clock = new();
    private bool _isHealthy;
    private bool _answers;
    private int _looks;

    [Fact]
    public async Task A_bus_that_does_not_come_back_to_a_broker_that_answers_ends_the_process()
    {
        using var lifetime = new Lifetime();
        using var stop = new CancellationTokenSource();
        using var watch = new BusWatch(DispatchProxy.Create<IBusControl, FakeBus>(), new Probe(() => _answers), lifetime, _clock, NullLogger<BusWatch>.Instance);
        FakeBus.IsHealthy.Value = () =>
        {
            Interlocked.Increment(ref _looks);
            return _isHealthy;
        };
        var watching = watch.WatchAsync(stop.Token);

        // The broker is away, then there and the bus with it, then away for a while again.
        await PassAsync(BusWatch.Patience * 3);
        (_answers, _isHealthy) = (true, true);
        await PassAsync(BusWatch.Patience * 3);
        _isHealthy = false;
        await PassAsync(BusWatch.Patience / 2);
        _answers = false;
        await PassAsync(BusWatch.Patience);
        _answers = true;
        await PassAsync(BusWatch.Patience - TimeSpan.FromSeconds(5));
        Assert.False(lifetime.ApplicationStopping.IsCancellationRequested);

        try
        {
            await Eventually.HoldsAsync(
                async () =>
                {
                    await PassAsync(TimeSpan.FromSeconds(5));
                    return watching.IsCompleted;
                },
                "the watch has ended");
            await watching;
            Assert.True(lifetime.ApplicationStopping.IsCancellationRequested);
            Assert.Equal(1, Environment.ExitCode);
        }
        finally
        {
            Environment.ExitCode = 0;
        }
    }

    private async Task PassAsync(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += TimeSpan.FromSeconds(5))
        {
            var before = _looks;
            _clock.Advance(TimeSpan.FromSeconds(5));
            for (var waits = 0; waits < 20 && _looks == before; waits++)
                await Task.Delay(5);
        }
    }

    public class FakeBus : DispatchProxy
    {
        public static readonly AsyncLocal<Func<bool>> IsHealthy = new();

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod?.Name == nameof(IBusControl.CheckHealth)
            ? IsHealthy.Value!() ? BusHealthResult.Healthy("fine", new Dictionary<string, EndpointHealthResult>()) : BusHealthResult.Unhealthy("stuck", null!, new Dictionary<string, EndpointHealthResult>())
            : throw new NotSupportedException(targetMethod?.Name);
    }

    private sealed class Probe(Func<bool> answers) : IBrokerProbe
    {
        public Task<bool> AnswersAsync(CancellationToken cancellation) => Task.FromResult(answers());
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }
}
