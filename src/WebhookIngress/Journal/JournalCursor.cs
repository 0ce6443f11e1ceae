using Redbark.Sync.Ingress.Telemetry;

namespace Redbark.Sync.Ingress.Journal;

/// <summary>Reads the records of a journal in order, each once, as far as they are on disk. For one reader at a time.</summary>
internal sealed partial class JournalCursor(SegmentStore store, ulong next, IngressMetrics metrics, ILogger logger) : IDisposable
{
    private Segment? _segment;
    private SegmentReader? _reader;

    /// <summary>The sequence that is read next.</summary>
    public ulong Next { get; private set; } = next;

    /// <summary>Reads the next record. What is damaged is copied aside, counted, logged and passed over.</summary>
    /// <returns>The record, which the caller disposes; null when there is none yet.</returns>
    /// <exception cref="IOException">The disk does not give what it holds; the next call tries again.</exception>
    public JournalRecord? Read()
    {
        while (true)
        {
            var view = store.ViewOf(Next);
            if (Next >= view.DurableEnd)
                return null;

            if (view.Segment is not { } segment || !TryOpen(segment))
            {
                PassOver(view.Segment is null ? view.DurableEnd : view.End);
                continue;
            }

            PassOver(segment.FirstSequence);
            var from = _reader!.Offset;
            var found = _reader.Read(view.Limit, Next, out var record);
            if (found == SegmentRead.Damage)
            {
                var copy = store.SetAside.Keep(segment, _reader, from, _reader.Offset);
                metrics.SetAside();
                Log.SetAside(logger, segment.Path, from, _reader.Offset, copy);
                continue;
            }

            // A record past the end was left by a write that failed: its sequence was given again, in the next segment.
            if (record is null || record.Sequence >= view.End)
            {
                record?.Dispose();
                PassOver(view.End);
                continue;
            }

            PassOver(record.Sequence);
            Next = record.Sequence + 1;
            return record;
        }
    }

    public void Dispose() => _reader?.Dispose();

    private bool TryOpen(Segment segment)
    {
        if (_segment == segment)
            return true;
        _reader?.Dispose();
        (_segment, _reader) = (null, null);
        try
        {
            _reader = new SegmentReader(segment);
            _segment = segment;
            return true;
        }
        catch (FileNotFoundException)
        {
            Log.SegmentGone(logger, segment.Path);
            return false;
        }
    }

    private void PassOver(ulong to)
    {
        if (to <= Next)
            return;
        metrics.Lost((long)(to - Next));
        Log.Lost(logger, to - Next, Next, to - 1);
        Next = to;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Segment} is damaged from {From} to {To}; a copy of these bytes is in {Copy}")]
        public static partial void SetAside(ILogger logger, string segment, long from, long to, string copy);

        [LoggerMessage(LogLevel.Error, "{Segment} was deleted by someone else")]
        public static partial void SegmentGone(ILogger logger, string segment);

        [LoggerMessage(LogLevel.Error, "{Count} accepted deliveries cannot be read from the journal: records {First} to {Last}")]
        public static partial void Lost(ILogger logger, ulong count, ulong first, ulong last);
    }
}
