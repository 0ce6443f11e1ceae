namespace Redbark.Sync.Ingress.Journal;

/// <summary>Finds at start what is in the journal.</summary>
internal static partial class JournalRecovery
{
    /// <summary>
    /// Lists the segments and cuts what a crash left half written at the end of the last one. Only that one is read: a new segment
    /// is begun at every start, so the end of the others is the beginning of the next.
    /// </summary>
    /// <returns>The segments in order, and the sequence that the next record gets.</returns>
    public static (List<Segment> Segments, ulong End) Recover(SegmentStore store, ILogger logger)
    {
        if (store.Position.IsLost)
            Log.PositionLost(logger, RelayPosition.FileName);

        var segments = Directory.EnumerateFiles(store.Location, "*" + Segment.Extension)
            .Select(Segment.FromPath)
            .OfType<Segment>()
            .OrderBy(segment => segment.Ordinal)
            .ToList();
        foreach (var segment in segments)
        {
            using var reader = new SegmentReader(segment);
            if (!reader.HasHeader())
                Log.HeaderDamaged(logger, segment.Path);
        }

        if (segments.Count == 0)
            return (segments, 1);

        var last = segments[^1];
        var end = CutTornTail(last, store.SetAside, logger);
        if (last.Length <= Segment.HeaderLength)
        {
            segments.Remove(last);
            File.Delete(last.Path);
        }

        Log.Recovered(logger, store.Location, segments.Count, segments.Sum(segment => segment.Length), end - 1, store.Position.Next - 1);
        return (segments, end);
    }

    private static ulong CutTornTail(Segment segment, SetAside setAside, ILogger logger)
    {
        using var reader = new SegmentReader(segment);
        var end = segment.FirstSequence;
        long? damagedFrom = null;
        for (var from = reader.Offset; ; from = reader.Offset)
        {
            var found = reader.Read(segment.Length, skipBelow: 0, out var record);
            if (found == SegmentRead.End)
                break;
            if (found == SegmentRead.Damage)
            {
                damagedFrom ??= from;
                continue;
            }

            end = record!.Sequence + 1;
            record.Dispose();
            damagedFrom = null;
        }

        if (damagedFrom is not { } cut)
            return end;

        // Most often these bytes were never acknowledged. They are kept all the same: a damaged record looks alike.
        var copy = setAside.Keep(segment, reader, cut, segment.Length);
        Log.TornTail(logger, segment.Length - cut, segment.Path, cut, copy);
        using (var file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            RandomAccess.SetLength(file, cut);
            RandomAccess.FlushToDisk(file);
        }

        segment.Length = cut;
        return end;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Journal {Directory}: {Segments} segments, {Bytes} bytes, last record {Last}, published up to {Published}")]
        public static partial void Recovered(ILogger logger, string directory, int segments, long bytes, ulong last, ulong published);

        [LoggerMessage(LogLevel.Warning, "Cut {Bytes} bytes without a whole record from the end of {Segment} at {Offset}; a copy is in {Copy}")]
        public static partial void TornTail(ILogger logger, long bytes, string segment, long offset, string copy);

        [LoggerMessage(LogLevel.Error, "The header of {Segment} is damaged; its records are read all the same")]
        public static partial void HeaderDamaged(ILogger logger, string segment);

        [LoggerMessage(LogLevel.Error, "{File} is damaged: everything in the journal is published again")]
        public static partial void PositionLost(ILogger logger, string file);
    }
}
