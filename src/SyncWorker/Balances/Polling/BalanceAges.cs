using Redbark.Sync.Worker.Balances.Store;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Balances.Polling;

/// <summary>Looks up how old the balances are, for the metrics: whichever worker polls, every worker can tell.</summary>
internal sealed partial class BalanceAges(
    BalanceStore balances, BalanceMetrics metrics, DatabaseReadiness readiness, TimeProvider clock, ILogger<BalanceAges> logger) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                metrics.OldestAre(await balances.OldestAsync(stoppingToken));
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // A figure on a dashboard is not worth a worker; the next look is in a minute.
                Log.NotKnown(logger, error);
            }

            await Task.Delay(BetweenLooks, clock, stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The age of the balances could not be looked up")]
        public static partial void NotKnown(ILogger logger, Exception error);
    }
}
