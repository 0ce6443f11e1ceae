using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Operations;

/// <summary>Looks for operations and runs them, until the worker stops; of each kind one, so that a long backfill keeps no replay waiting.</summary>
internal sealed partial class OperationService(OperationRunner runner, OperationSignal signal, DatabaseReadiness readiness, TimeProvider clock, ILogger<OperationService> logger) : BackgroundService
{
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.WaitAsync(stoppingToken);
        await Task.WhenAll(runner.Kinds.Select(kind => RunAsync(kind, stoppingToken)));
    }

    private async Task RunAsync(string kind, CancellationToken stoppingToken)
    {
        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                if (!await runner.RunNextAsync(kind, stoppingToken))
                    await signal.WaitAsync(kind, LookAnyway, clock, stoppingToken);
                failures = 0;
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // What was begun is taken up again once its lease is over.
                Log.Away(logger, error, ++failures);
                await Task.Delay(Backoff.After(failures, LongestWait), clock, stoppingToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Operations could not be looked after (attempt {Attempt})")]
        public static partial void Away(ILogger logger, Exception error, int attempt);
    }
}
