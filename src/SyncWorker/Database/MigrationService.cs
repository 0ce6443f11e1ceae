using Npgsql;

namespace Redbark.Sync.Worker.Database;

/// <summary>
/// Migrates when the host starts, then keeps the months ahead partitioned. It runs beside the rest of the host, not before it: in one
/// process with the ingress, requests are accepted while the database is still on its way up.
/// </summary>
internal sealed partial class MigrationService(
    Migrator migrator, Partitions partitions, DatabaseReadiness readiness, TimeProvider clock, ILogger<MigrationService> logger) : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    // A server of our own takes some seconds to start, the first time to be made.
    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenPartitionChecks = TimeSpan.FromHours(12);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await WhenTheDatabaseAnswersAsync(migrator.MigrateAsync, stoppingToken);
        readiness.Open();
        Log.Ready(logger);

        while (!stoppingToken.IsCancellationRequested)
        {
            await WhenTheDatabaseAnswersAsync(partitions.EnsureAheadAsync, stoppingToken);
            await Task.Delay(BetweenPartitionChecks, clock, stoppingToken);
        }
    }

    private async Task WhenTheDatabaseAnswersAsync(Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        for (var wait = TimeSpan.FromMilliseconds(100); ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            try
            {
                await work(cancellation);
                return;
            }
            catch (Exception error) when (TransientFaults.IsTransient(error))
            {
                var level = clock.GetElapsedTime(started) < UsualWait ? LogLevel.Debug : LogLevel.Warning;
                Log.Away(logger, level, error is PostgresException postgres ? postgres.MessageText : error.Message, wait.TotalSeconds);
                await Task.Delay(wait, clock, cancellation);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The ledger is ready")]
        public static partial void Ready(ILogger logger);

        [LoggerMessage(Message = "The ledger's database does not answer yet ({Problem}); trying again in {Seconds} s")]
        public static partial void Away(ILogger logger, LogLevel level, string problem, double seconds);
    }
}
