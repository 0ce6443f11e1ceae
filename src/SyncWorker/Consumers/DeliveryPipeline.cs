using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Telemetry;

namespace Redbark.Sync.Worker.Consumers;

/// <summary>
/// Sees a delivery through, on the bus and in one process alike. A fault that passes by itself is waited out here, without limit, so the
/// message stays where it is safe; a delivery that keeps failing otherwise is parked with its error, so that it stops neither the others
/// nor gets lost: the console shows it, and a replay tries it again.
/// </summary>
internal sealed partial class DeliveryPipeline(ILedger ledger, WorkerMetrics metrics, TimeProvider clock, ILogger<DeliveryPipeline> logger)
{
    private const int Tries = 3;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    /// <exception cref="Exception">Neither could it be applied, nor parked: the message must be kept by whoever brought it.</exception>
    public async Task<ApplyOutcome> RunAsync(IDelivered message, CancellationToken cancellation)
    {
        var delivery = message.Delivery;
        try
        {
            return await PersistAsync(delivery.Id, () => ledger.ApplyAsync(Open(message), cancellation), cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            Log.Parked(logger, error, delivery.Id, delivery.Feed);
            return await PersistAsync(delivery.Id, () => ledger.ParkAsync(delivery, $"{error.GetType().Name}: {error.Message}", cancellation), cancellation);
        }
    }

    private static IDelivered Open(IDelivered message) =>
        message is LargeDelivered(var delivery) ? DeliveryReader.Read(delivery, BodyStore.Unpack(delivery.Body)) : message;

    private async Task<T> PersistAsync<T>(Guid delivery, Func<Task<T>> work, CancellationToken cancellation)
    {
        for (int waits = 0, failures = 0; ;)
        {
            try
            {
                return await work();
            }
            catch (Exception error) when (TransientFaults.IsTransient(error) && !cancellation.IsCancellationRequested)
            {
                metrics.Waited();
                Log.Waiting(logger, delivery, ++waits, error.Message);
                await Task.Delay(Backoff.After(waits, LongestWait), clock, cancellation);
            }
            catch (Exception error) when (++failures < Tries && !cancellation.IsCancellationRequested)
            {
                Log.Failed(logger, error, delivery, failures);
                await Task.Delay(Backoff.After(failures, LongestWait), clock, cancellation);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Delivery {Delivery} waits for the database (attempt {Attempt}): {Problem}")]
        public static partial void Waiting(ILogger logger, Guid delivery, int attempt, string problem);

        [LoggerMessage(LogLevel.Warning, "Delivery {Delivery} could not be applied (attempt {Attempt})")]
        public static partial void Failed(ILogger logger, Exception error, Guid delivery, int attempt);

        [LoggerMessage(LogLevel.Error, "Delivery {Delivery} of feed {Feed} is parked: it cannot be applied. Replay it once the cause is mended")]
        public static partial void Parked(ILogger logger, Exception error, Guid delivery, string feed);
    }
}
