using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Redbark.Sync.Hosting;

/// <summary>
/// A bus to publish on. MassTransit may wait for ever for a channel of a connection that ended at the wrong moment (a broker that dies
/// while it is connected to), and heeds no token then: each publish is given up after its time, and when none has come through for twice
/// as long although the broker answers, so is the bus, and another takes its place.
/// </summary>
/// <param name="create">Makes a bus that is not started.</param>
/// <param name="broker">Is asked before a bus is given up.</param>
/// <param name="clock">Measures.</param>
/// <param name="logger">Told when a bus is replaced.</param>
public sealed partial class PublishingBus(Func<IBusControl> create, IBrokerProbe broker, TimeProvider clock, ILogger<PublishingBus> logger)
    : IHostedService, IDisposable
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private volatile Life? _life;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _life = Begin();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        if (_life is { } life)
            await EndAsync(life);
    }

    /// <summary>Completes when the broker has confirmed the message.</summary>
    /// <param name="message">Published as its own type.</param>
    /// <param name="configure">Sets its properties.</param>
    /// <param name="limit">How long the broker may take.</param>
    /// <param name="cancellation">Gives up before.</param>
    /// <exception cref="TimeoutException">It took longer; the message may have been published all the same.</exception>
    public async Task PublishAsync(object message, Action<PublishContext> configure, TimeSpan limit, CancellationToken cancellation)
    {
        var life = _life ?? throw new InvalidOperationException("The bus is not started.");
        // Without a connection MassTransit waits for one as long as it is let.
        using var timeout = new CancellationTokenSource(limit, clock);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            await life.Bus.Publish(message, message.GetType(), configure, attempt.Token).WaitAsync(attempt.Token);
            life.LastUse = clock.GetUtcNow();
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            if (clock.GetUtcNow() - life.LastUse >= 2 * limit && life.BeginLook())
                _ = LookAsync(life);
            throw new TimeoutException($"RabbitMQ did not confirm within {limit.TotalSeconds} s.", e);
        }
    }

    public void Dispose() => _stopping.Dispose();

    private Life Begin()
    {
        var bus = create();
        return new Life(bus, bus.StartAsync(_stopping.Token), clock.GetUtcNow());
    }

    private async Task LookAsync(Life life)
    {
        try
        {
            if (!await broker.AnswersAsync(_stopping.Token) || _stopping.IsCancellationRequested)
                return;
            Log.Replaced(logger);
            _life = Begin();
            await EndAsync(life);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The program ends, and the bus with it.
        }
        finally
        {
            life.EndLook();
        }
    }

    private async Task EndAsync(Life life)
    {
        try
        {
            await life.Bus.StopAsync(LongestStop).WaitAsync(LongestStop, clock);
            await life.Start.WaitAsync(LongestStop, clock);
        }
        catch (Exception error)
        {
            // One that is stuck may be stuck in its end too. It holds nothing that is not published by the next.
            Log.NotStopped(logger, error.Message);
        }
    }

    private sealed class Life(IBusControl bus, Task start, DateTimeOffset now)
    {
        private int _looking;

        public IBusControl Bus => bus;

        public Task Start => start;

        /// <summary>When it last got something through, or began.</summary>
        public DateTimeOffset LastUse { get; set; } = now;

        public bool BeginLook() => Interlocked.Exchange(ref _looking, 1) == 0;

        public void EndLook() => Volatile.Write(ref _looking, 0);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "RabbitMQ answers, but nothing can be published over the connection that was had; another one is made")]
        public static partial void Replaced(ILogger logger);

        [LoggerMessage(LogLevel.Information, "The connection to RabbitMQ did not end in its time: {Problem}")]
        public static partial void NotStopped(ILogger logger, string problem);
    }
}

/// <summary>Adds it.</summary>
public static class PublishingBusSetup
{
    /// <summary>Adds a bus to publish on, over a connection of its own.</summary>
    public static IServiceCollection AddPublishingBus(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IBrokerProbe>(new BrokerProbe(configuration));
        services.AddSingleton(provider =>
        {
            LogContext.ConfigureCurrentLogContext(provider.GetRequiredService<ILoggerFactory>());
            return new PublishingBus(
                () => Bus.Factory.CreateUsingRabbitMq(rabbit => rabbit.UseRedbarkHost(configuration)), provider.GetRequiredService<IBrokerProbe>(),
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<PublishingBus>>());
        });
        return services.AddHostedService(provider => provider.GetRequiredService<PublishingBus>());
    }
}
