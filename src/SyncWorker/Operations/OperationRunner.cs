using System.Text.Json;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Operations;

/// <summary>Runs operations, one after another, as long as this worker holds them.</summary>
internal sealed partial class OperationRunner(OperationStore store, IEnumerable<IOperationWork> works, TimeProvider clock, ILogger<OperationRunner> logger)
{
    private static readonly TimeSpan BetweenSaves = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BetweenRenewals = TimeSpan.FromSeconds(1);

    /// <summary>The kinds that are known here.</summary>
    public IEnumerable<string> Kinds => works.Select(work => work.Kind);

    private readonly string _worker = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>Takes the next operation of a kind and does what it can of it.</summary>
    /// <returns>False when none waits.</returns>
    public async Task<bool> RunNextAsync(string kind, CancellationToken stopping)
    {
        if (await store.ClaimAsync(kind, _worker, stopping) is not { } operation)
            return false;
        Log.Taken(logger, operation.Kind, operation.Id, operation.Claims);
        using var mine = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var held = new Held(new Progress(
            operation.Cursor, operation.Total, operation.Done, JsonSerializer.Deserialize(operation.Counts, OperationJson.Default.DictionaryStringInt64)!, operation.Doing, operation.Error));
        var renewing = RenewAsync(operation, held, mine);
        try
        {
            await RunAsync(operation, held, mine.Token, stopping);
        }
        finally
        {
            await mine.CancelAsync();
            await renewing;
        }

        return true;
    }

    private async Task RunAsync(Operation operation, Held held, CancellationToken mine, CancellationToken stopping)
    {
        var work = works.Single(work => work.Kind == operation.Kind);
        try
        {
            for (var (saved, hold) = (0L, operation.CancelledAt is null ? Hold.Kept : Hold.Cancelled); hold != Hold.Lost;)
            {
                if (hold == Hold.Cancelled)
                {
                    await EndAsync(operation, held.Progress, OperationState.Cancelled, mine);
                    return;
                }

                var step = await work.StepAsync(operation, held.Progress, mine);
                var progress = held.Progress = step.Progress;
                if (step.IsEnd)
                {
                    await EndAsync(operation, progress, progress.Counts.ContainsKey(Progress.Failures) ? OperationState.Failed : OperationState.Done, mine);
                    return;
                }

                if (step.NotBefore is { } notBefore)
                {
                    await store.ReleaseAsync(operation, progress, notBefore, mine);
                    return;
                }

                if (saved != 0 && clock.GetElapsedTime(saved) < BetweenSaves)
                    continue;
                hold = await store.SaveAsync(operation, progress, mine);
                saved = clock.GetTimestamp();
            }

            Log.Lost(logger, operation.Kind, operation.Id);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Another worker goes on at once.
            await store.ReleaseAsync(operation, held.Progress, notBefore: null, CancellationToken.None);
        }
        catch (OperationCanceledException) when (held.IsInterrupted)
        {
            await EndAsync(operation, held.Progress, OperationState.Cancelled, CancellationToken.None);
        }
        catch (OperationCanceledException) when (mine.IsCancellationRequested)
        {
            Log.Lost(logger, operation.Kind, operation.Id);
        }
        catch (Exception error) when (!TransientFaults.IsTransient(error))
        {
            Log.Failed(logger, error, operation.Kind, operation.Id);
            await EndAsync(operation, held.Progress with { Error = error.Message }, OperationState.Failed, CancellationToken.None);
        }
    }

    private async Task EndAsync(Operation operation, Progress progress, string state, CancellationToken cancellation)
    {
        await store.FinishAsync(operation, progress, state, cancellation);
        Log.Ended(logger, operation.Kind, operation.Id, state, progress.Done, progress.Total);
    }

    /// <summary>
    /// Keeps the lease while a step takes long; a worker that lost it stops at once. A step that does not end soon after somebody asked for that is broken off:
    /// it may be waiting for a provider's limits, and what it has not saved it did in transactions.
    /// </summary>
    private async Task RenewAsync(Operation operation, Held held, CancellationTokenSource mine)
    {
        try
        {
            for (var wasAsked = false; ;)
            {
                await Task.Delay(BetweenRenewals, clock, mine.Token);
                try
                {
                    var hold = await store.SaveAsync(operation, held.Progress, mine.Token);
                    held.IsInterrupted = wasAsked && hold == Hold.Cancelled;
                    wasAsked = hold == Hold.Cancelled;
                    if (held.IsInterrupted || hold == Hold.Lost)
                        await mine.CancelAsync();
                }
                catch (Exception error) when (TransientFaults.IsTransient(error) && !mine.IsCancellationRequested)
                {
                    // A step that waits for a provider does not meet the same, and needs the lease for longer than this may last.
                    Log.NotRenewed(logger, operation.Kind, operation.Id, error.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The work is over.
        }
    }

    /// <summary>What the work and the renewal of its lease share.</summary>
    private sealed class Held(Progress progress)
    {
        private volatile Progress _progress = progress;
        private volatile bool _isInterrupted;

        public Progress Progress { get => _progress; set => _progress = value; }

        public bool IsInterrupted { get => _isInterrupted; set => _isInterrupted = value; }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Operation {Kind} {Id} is taken, the {Claim}. time")]
        public static partial void Taken(ILogger logger, string kind, long id, int claim);

        [LoggerMessage(LogLevel.Information, "Operation {Kind} {Id} is {State}: {Done} of {Total} steps")]
        public static partial void Ended(ILogger logger, string kind, long id, string state, long done, long? total);

        [LoggerMessage(LogLevel.Warning, "Operation {Kind} {Id} is another worker's by now")]
        public static partial void Lost(ILogger logger, string kind, long id);

        [LoggerMessage(LogLevel.Error, "Operation {Kind} {Id} failed")]
        public static partial void Failed(ILogger logger, Exception error, string kind, long id);

        [LoggerMessage(LogLevel.Warning, "The lease of operation {Kind} {Id} could not be renewed: {Problem}")]
        public static partial void NotRenewed(ILogger logger, string kind, long id, string problem);
    }
}
