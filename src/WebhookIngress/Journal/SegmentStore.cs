using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.Win32.SafeHandles;

namespace Redbark.Sync.Ingress.Journal;

/// <summary>The segments of a journal and how far they are on disk. Holds the directory for this process alone.</summary>
internal sealed class SegmentStore : IDisposable
{
    public const string LockName = "journal.lock";

    private readonly Lock _gate = new();
    private readonly List<Segment> _segments;
    private readonly IJournalFiles _files;
    private readonly SafeFileHandle _lock;
    private ulong _durableEnd;
    private long _nextOrdinal;
    private long _totalBytes;

    /// <exception cref="OptionsValidationException">Another process uses the directory, or it cannot be written.</exception>
    /// <exception cref="InvalidDataException">A segment was written by another version of this program.</exception>
    public SegmentStore(string directory, IJournalFiles files, ILogger logger)
    {
        Location = Path.GetFullPath(directory);
        _files = files;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(Location);
        else
            Directory.CreateDirectory(Location, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute); // Bodies lie here in the clear.
        files.FlushDirectory(Path.GetDirectoryName(Location) ?? Location);
        _lock = Lock(Location);
        Position = new RelayPosition(Location);
        SetAside = new SetAside(Location);
        (_segments, _durableEnd) = JournalRecovery.Recover(this, logger);
        _durableEnd = Math.Max(_durableEnd, Position.Next);
        _nextOrdinal = _segments.Count == 0 ? 1 : _segments[^1].Ordinal + 1;
        _totalBytes = _segments.Sum(segment => segment.Length);
    }

    /// <summary>The directory, as a full path.</summary>
    public string Location { get; }

    public RelayPosition Position { get; }

    public SetAside SetAside { get; }

    /// <summary>The sequence that the next record gets; everything below is on disk.</summary>
    public ulong DurableEnd
    {
        get
        {
            lock (_gate)
                return _durableEnd;
        }
    }

    public long TotalBytes
    {
        get
        {
            lock (_gate)
                return _totalBytes;
        }
    }

    /// <summary>Bytes of the segments that hold something that is not published: all others may go when room is needed.</summary>
    public long UnpublishedBytes
    {
        get
        {
            lock (_gate)
                return _segments.Where((_, at) => EndOf(at) > Position.Next).Sum(segment => segment.Length);
        }
    }

    /// <summary>Makes a segment for the records from <see cref="DurableEnd"/> on; when it returns, a crash does not lose the file.</summary>
    public (Segment Segment, ISegmentFile File) Create()
    {
        var salt = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));
        var path = Path.Combine(Location, Segment.NameOf(_nextOrdinal, DurableEnd, salt));
        var segment = new Segment(path, _nextOrdinal++, DurableEnd, salt, Segment.HeaderLength);
        var file = _files.Create(path);
        try
        {
            file.Write([segment.Header()], 0);
            file.Flush();
            _files.FlushDirectory(Location);
        }
        catch
        {
            file.Dispose();
            File.Delete(path);
            throw;
        }

        lock (_gate)
        {
            _segments.Add(segment);
            _totalBytes += segment.Length;
        }

        return (segment, file);
    }

    /// <summary>Makes known that records are on disk.</summary>
    public void Advance(Segment segment, long bytes, ulong durableEnd)
    {
        lock (_gate)
        {
            segment.Length += bytes;
            _totalBytes += bytes;
            _durableEnd = durableEnd;
        }
    }

    /// <summary>Removes a segment that holds no record.</summary>
    public void Remove(Segment segment)
    {
        lock (_gate)
        {
            _segments.Remove(segment);
            _totalBytes -= segment.Length;
        }

        File.Delete(segment.Path);
    }

    /// <summary>Where to look for a record.</summary>
    public SegmentView ViewOf(ulong sequence)
    {
        lock (_gate)
        {
            var at = Math.Max(_segments.FindLastIndex(segment => segment.FirstSequence <= sequence), 0);
            var segment = at < _segments.Count ? _segments[at] : null;
            return new SegmentView(segment, segment?.Length ?? 0, EndOf(at), _durableEnd);
        }
    }

    /// <summary>Deletes the segments of which everything is published and that were last written before a time.</summary>
    /// <returns>How many were deleted.</returns>
    public int Reclaim(DateTimeOffset writtenBefore)
    {
        List<Segment> published;
        lock (_gate)
        {
            published = _segments.TakeWhile((segment, at) =>
                at + 1 < _segments.Count
                && _segments[at + 1].FirstSequence <= Position.Next
                && File.GetLastWriteTimeUtc(segment.Path) <= writtenBefore.UtcDateTime).ToList();
            _segments.RemoveRange(0, published.Count);
            _totalBytes -= published.Sum(segment => segment.Length);
        }

        foreach (var segment in published)
            File.Delete(segment.Path);
        return published.Count;
    }

    public void Dispose()
    {
        Position.Dispose();
        _lock.Dispose();
    }

    /// <summary>The first sequence that a segment does not hold.</summary>
    private ulong EndOf(int at) => at + 1 < _segments.Count ? _segments[at + 1].FirstSequence : _durableEnd;

    private static SafeFileHandle Lock(string directory)
    {
        try
        {
            return File.OpenHandle(Path.Combine(directory, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OptionsValidationException(JournalOptions.Section, typeof(JournalOptions), [
                $"{JournalOptions.Section}:{nameof(JournalOptions.Directory)}: expected a directory that can be written and that no other process uses, "
                + $"found '{directory}' ({e.Message})",
            ]);
        }
    }
}

/// <summary>One moment's view of where a record is.</summary>
/// <param name="Segment">The segment that holds the record; null when there is none at all.</param>
/// <param name="Limit">How many bytes of it are on disk.</param>
/// <param name="End">The first sequence that this segment does not hold.</param>
/// <param name="DurableEnd">The first sequence that is not on disk.</param>
internal readonly record struct SegmentView(Segment? Segment, long Limit, ulong End, ulong DurableEnd);
