using Microsoft.Extensions.Options;
using Redbark.Sync.Contracts;
using Redbark.Sync.Ingress.Journal;
using Redbark.Sync.Ingress.Telemetry;

namespace Redbark.Sync.Ingress.Relay;

/// <summary>
/// Takes every record of the journal to the publisher: in order, a window of them at once, each until it is through. The position
/// moves over the confirmed prefix only, so after a crash some are published twice and none is left out.
/// </summary>
internal sealed partial class DeliveryRelay(
    DeliveryJournal journal,
    IDeliveryPublisher publisher,
    IOptions<RelayOptions> options,
    IngressMetrics metrics,
    TimeProvider clock,
    ILogger<DeliveryRelay> logger) : BackgroundService
{
    private static readonly TimeSpan SaveEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReclaimEvery = TimeSpan.FromMinutes(10);

    private readonly RelayOptions _options = options.Value;
    private readonly ConfirmedPrefix _prefix = new(journal.Published);
    private readonly SemaphoreSlim _slots = new(options.Value.Window);
    private readonly ByteBudget _bytes = new(options.Value.WindowBytes, clock);
    private readonly SemaphoreSlim _moved = new(0, 1);
    private readonly Outage _outage = new(logger);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var publishing = new CancellationTokenSource();
        await using var drain = stoppingToken.Register(() => publishing.CancelAfter(_options.DrainTimeout));
        using var saving = new CancellationTokenSource();
        var saver = SavePositionsAsync(saving.Token);
        try
        {
            await ReadAsync(stoppingToken, publishing.Token);
        }
        catch (OperationCanceledException) when (publishing.IsCancellationRequested)
        {
            // The rest stays in the journal, for the next start.
        }

        for (var i = 0; i < _options.Window; i++)
            await _slots.WaitAsync(CancellationToken.None);
        await saving.CancelAsync();
        await saver;
        Save();
    }

    /// <summary>Reads until it is told to stop and nothing is left: by then the server takes no more requests.</summary>
    private async Task ReadAsync(CancellationToken stopping, CancellationToken publishing)
    {
        using var cursor = journal.ReadFrom(_prefix.Next);
        while (await NextAsync(cursor, stopping, publishing) is { } record)
        {
            try
            {
                await _bytes.EnterAsync(record.BodyLength, publishing);
                await _slots.WaitAsync(publishing);
            }
            catch
            {
                record.Dispose();
                throw;
            }

            var sent = _prefix.Begin(record.Sequence, record.Entry.ReceivedAt);
            metrics.OldestUnpublished = _prefix.Oldest;
            _ = Task.Run(() => RelayAsync(record, sent, publishing), CancellationToken.None);
        }
    }

    /// <returns>The next record; null when the ingress stops and there is none.</returns>
    private async Task<JournalRecord?> NextAsync(JournalCursor cursor, CancellationToken stopping, CancellationToken publishing)
    {
        for (var failures = 0; ;)
        {
            publishing.ThrowIfCancellationRequested();
            var last = stopping.IsCancellationRequested;
            try
            {
                if (cursor.Read() is { } record)
                    return record;
                failures = 0;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (failures++ == 0)
                    Log.CannotRead(logger, e, cursor.Next);
                await Task.Delay(Backoff.After(failures, _options.MaxBackoff), clock, publishing);
                continue;
            }

            if (last)
                return null;
            try
            {
                await journal.WaitForAppendAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // One more look: a request may have been stored while the server stopped.
            }
        }
    }

    private async Task RelayAsync(JournalRecord record, ConfirmedPrefix.Sent sent, CancellationToken cancellation)
    {
        try
        {
            using var activity = Tracing.StartRelay(record.Entry.TraceParent);
            if (!await PublishAsync(record, cancellation))
                return;

            _prefix.Confirm(sent);
            metrics.Published();
            metrics.OldestUnpublished = _prefix.Oldest;
            Moved();
        }
        finally
        {
            record.Dispose();
            _bytes.Release(record.BodyLength);
            _slots.Release();
        }
    }

    /// <returns>False when the ingress stops before the delivery is through.</returns>
    private async Task<bool> PublishAsync(JournalRecord record, CancellationToken cancellation)
    {
        IDelivered? message = null;
        for (var failures = 0; ;)
        {
            try
            {
                if (message is null)
                {
                    message = DeliveryMessages.From(record, _options.LargeBodyBytes);
                    record.Dispose();
                }

                await publisher.PublishAsync(message, cancellation);
                if (failures > 0)
                    _outage.End();
                return true;
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                metrics.PublishFailed(e.GetType().Name);
                Log.AttemptFailed(logger, e, record.Entry.Id, failures + 1);
                if (failures++ == 0)
                    _outage.Begin(e);
            }
            catch (Exception)
            {
                return false;
            }

            try
            {
                await Task.Delay(Backoff.After(failures, _options.MaxBackoff), clock, cancellation);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }

    private void Moved()
    {
        lock (_moved)
        {
            if (_moved.CurrentCount == 0)
                _moved.Release();
        }
    }

    private async Task SavePositionsAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await _moved.WaitAsync(ReclaimEvery, cancellation);
                Save();
                await Task.Delay(SaveEvery, clock, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The last position is saved when everything has stopped.
        }
    }

    private void Save()
    {
        try
        {
            journal.SavePublished(_prefix.Next);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.CannotSave(logger, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Record {Sequence} of the journal cannot be read; tried again until it can")]
        public static partial void CannotRead(ILogger logger, Exception error, ulong sequence);

        [LoggerMessage(LogLevel.Debug, "Attempt {Attempt} to publish delivery {Delivery} failed")]
        public static partial void AttemptFailed(ILogger logger, Exception error, Guid delivery, int attempt);

        [LoggerMessage(LogLevel.Error, "The relay's position cannot be saved; after a crash more is published again")]
        public static partial void CannotSave(ILogger logger, Exception error);
    }
}
