namespace Redbark.Sync.Ingress.Journal;

/// <summary>The <c>Journal</c> section.</summary>
internal sealed class JournalOptions
{
    public const string Section = "Journal";

    /// <summary>Where the segments are; made when missing. Must survive a restart.</summary>
    public string Directory { get; set; } = "./data/journal";

    /// <summary>Bytes of all segments together; what does not fit is answered 503.</summary>
    public long MaxBytes { get; set; } = 10L << 30;

    /// <summary>How long a segment is kept after everything in it is published.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Bytes of one segment; a record that is larger has a segment of its own.</summary>
    public long SegmentBytes { get; set; } = 64L << 20;

    /// <summary>Bytes that may wait for the disk; what comes on top is answered 503.</summary>
    public long MaxBytesWaiting { get; set; } = 256L << 20;

    public IEnumerable<string> Problems()
    {
        if (string.IsNullOrWhiteSpace(Directory))
            yield return $"{Section}:{nameof(Directory)}: expected a directory, found nothing.";
        if (SegmentBytes is < 1 << 16 or > 1L << 30)
            yield return $"{Section}:{nameof(SegmentBytes)}: expected 65536 to 1073741824 bytes, found {SegmentBytes}.";
        if (MaxBytes < SegmentBytes)
            yield return $"{Section}:{nameof(MaxBytes)}: expected at least {nameof(SegmentBytes)} ({SegmentBytes}), found {MaxBytes}.";
        if (Retention < TimeSpan.Zero)
            yield return $"{Section}:{nameof(Retention)}: expected a time span of zero or more, found {Retention}.";
        if (MaxBytesWaiting < 1 << 20)
            yield return $"{Section}:{nameof(MaxBytesWaiting)}: expected at least 1048576 bytes, found {MaxBytesWaiting}.";
    }
}
