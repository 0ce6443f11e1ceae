using System.Diagnostics;
using Redbark.Sync.Ingress.Telemetry;

namespace Redbark.Sync.Ingress.Journal;

/// <summary>
/// The one writer of a journal. Everything that waits when the disk is free goes out in one write and one flush. A group whose write
/// fails is not in the journal, and its file is not written again: what a failed flush left on the disk is anyone's guess.
/// </summary>
internal sealed partial class JournalWriter : IDisposable
{
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly SegmentStore _store;
    private readonly JournalOptions _options;
    private readonly IngressMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Action _appended;
    private readonly Thread _thread;
    private readonly List<ReadOnlyMemory<byte>> _buffers = [];
    private readonly List<PendingAppend> _batch = [];
    private List<PendingAppend> _waiting = [];
    private long _waitingBytes;
    private long _batchBytes;
    private bool _stopping;
    private Segment? _segment;
    private ISegmentFile? _file;
    private volatile JournalUnavailableException? _trouble;

    public JournalWriter(SegmentStore store, JournalOptions options, IngressMetrics metrics, ILogger logger, Action appended)
    {
        (_store, _options, _metrics, _logger, _appended) = (store, options, metrics, logger, appended);
        Probe();
        _thread = new Thread(Run) { Name = "journal", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Why the last write failed; null when it did not.</summary>
    public JournalUnavailableException? Trouble => _trouble;

    /// <summary>Completes when the entry is on disk. The body must not change before that.</summary>
    /// <exception cref="JournalUnavailableException">The entry was not stored.</exception>
    public Task<JournalReceipt> AppendAsync(JournalEntry entry, ReadOnlyMemory<byte> body)
    {
        var append = new PendingAppend(entry, body);
        lock (_gate)
        {
            if (Refuses(append) is { } reason)
            {
                append.Fail(reason);
            }
            else
            {
                _waiting.Add(append);
                _waitingBytes += append.Length;
                Monitor.Pulse(_gate);
            }
        }

        return append.Written;
    }

    /// <summary>Writes what waits, then stops.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
        _file?.Dispose();
    }

    private JournalUnavailableException? Refuses(PendingAppend append)
    {
        if (_stopping)
            return new(JournalUnavailableException.Stopping, "The journal is stopping.");
        if (_waitingBytes + append.Length > _options.MaxBytesWaiting)
            return new(JournalUnavailableException.Busy, $"{_waitingBytes} bytes wait for the disk already.");
        return null;
    }

    private void Run()
    {
        var group = new List<PendingAppend>();
        while (Take(ref group))
        {
            if (group.Count == 0)
                Probe();
            foreach (var append in group)
                Add(append);
            Flush();
            group.Clear();
        }
    }

    private bool Take(ref List<PendingAppend> group)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_stopping)
                    return false;
                if (!Monitor.Wait(_gate, _trouble is null ? Timeout.InfiniteTimeSpan : ProbeEvery))
                    return true;
            }

            (group, _waiting) = (_waiting, group);
            _waitingBytes = 0;
            return true;
        }
    }

    private void Add(PendingAppend append)
    {
        if (!HasRoom(_batchBytes + append.Length))
        {
            Report(new(JournalUnavailableException.Full, $"The journal has reached {_options.MaxBytes} bytes."));
            append.Fail(_trouble!);
            return;
        }

        if (_batchBytes + append.Length + (_segment?.Length ?? 0) > _options.SegmentBytes)
        {
            Flush();
            if (_segment is { Length: > Segment.HeaderLength })
                Close();
        }

        _batch.Add(append);
        _batchBytes += append.Length;
    }

    private void Flush()
    {
        if (_batch.Count == 0)
            return;
        var started = Stopwatch.GetTimestamp();
        var sequence = _store.DurableEnd;
        try
        {
            if (_file is null)
                (_segment, _file) = _store.Create();
            foreach (var append in _batch)
                append.Seal(sequence++, _segment!.Salt, _buffers);
            _file.Write(_buffers, _segment!.Length);
            _file.Flush();
            _store.Advance(_segment, _batchBytes, sequence);
            Recovered();
            foreach (var append in _batch)
                append.Complete();
            _appended();
            _metrics.Appended(_batch.Count, _batchBytes, Stopwatch.GetElapsedTime(started));
        }
        catch (Exception e)
        {
            Abandon(e);
            foreach (var append in _batch)
                append.Fail(_trouble!);
        }

        _batch.Clear();
        _buffers.Clear();
        _batchBytes = 0;
    }

    /// <summary>Finds out whether the journal can be written, without waiting for a delivery to lose.</summary>
    private void Probe()
    {
        try
        {
            if (_file is null)
                (_segment, _file) = _store.Create();
            if (_trouble is not { Reason: JournalUnavailableException.Full } || HasRoom(_options.SegmentBytes / 16))
                Recovered();
        }
        catch (Exception e)
        {
            Abandon(e);
        }
    }

    private bool HasRoom(long bytes) =>
        _store.TotalBytes + bytes <= _options.MaxBytes
        // To refuse a delivery is worse than to delete published ones early.
        || (_store.Reclaim(DateTimeOffset.MaxValue) > 0 && _store.TotalBytes + bytes <= _options.MaxBytes);

    private void Abandon(Exception cause)
    {
        Report(new(JournalUnavailableException.Failing, $"The journal cannot be written: {cause.Message}", cause));
        try
        {
            _file?.Truncate(_segment!.Length);
        }
        catch (Exception e)
        {
            // The next segment starts with the sequence that failed, so what is left here is passed over.
            Log.CannotCut(_logger, e, _segment!.Path);
        }

        Close();
    }

    private void Close()
    {
        _file?.Dispose();
        try
        {
            if (_segment is { Length: <= Segment.HeaderLength })
                _store.Remove(_segment);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.CannotDelete(_logger, e, _segment!.Path);
        }

        (_segment, _file) = (null, null);
    }

    private void Report(JournalUnavailableException trouble)
    {
        if (_trouble?.Reason != trouble.Reason)
            Log.Trouble(_logger, trouble, trouble.Reason);
        _trouble = trouble;
    }

    private void Recovered()
    {
        if (_trouble is null)
            return;
        _trouble = null;
        Log.Recovered(_logger);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "Deliveries are refused ({Reason}) until the journal can be written again")]
        public static partial void Trouble(ILogger logger, Exception trouble, string reason);

        [LoggerMessage(LogLevel.Warning, "The journal can be written again")]
        public static partial void Recovered(ILogger logger);

        [LoggerMessage(LogLevel.Error, "Cannot delete {Segment}, which holds no record")]
        public static partial void CannotDelete(ILogger logger, Exception error, string segment);

        [LoggerMessage(LogLevel.Error, "Cannot cut {Segment} back to its last whole record")]
        public static partial void CannotCut(ILogger logger, Exception error, string segment);
    }
}
