using MassTransit;
using Redbark.Sync.Hosting;

namespace Redbark.Sync.Worker.Consumers;

/// <summary>
/// Ends the process when its bus does not come back although the broker answers, so that whatever runs it starts it again. MassTransit may
/// wait for ever for a connection that ended while it was made; messages then stay in their queues, and nobody takes them.
/// </summary>
internal sealed partial class BusWatch(IBusControl bus, IBrokerProbe broker, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<BusWatch> logger) : BackgroundService
{
    /// <summary>How long a bus may take to come back to a broker that answers.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    /// <summary>Looks until it ends the process.</summary>
    public async Task WatchAsync(CancellationToken cancellation)
    {
        for (DateTimeOffset? since = null; ;)
        {
            await Task.Delay(BetweenLooks, clock, cancellation);
            var health = bus.CheckHealth();
            if (health.Status == BusHealthStatus.Healthy || !await broker.AnswersAsync(cancellation))
            {
                since = null;
                continue;
            }

            since ??= clock.GetUtcNow();
            if (clock.GetUtcNow() - since < Patience)
                continue;
            Log.Stuck(logger, Patience.TotalSeconds, health.Description);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
            return;
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => WatchAsync(stoppingToken);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "RabbitMQ answers, but for {Seconds} s deliveries could not be taken from it ({Problem}); this process ends, to be started again")]
        public static partial void Stuck(ILogger logger, double seconds, string problem);
    }
}
