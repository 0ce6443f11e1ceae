using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Redbark.Sync.Ingress.Webhooks;

namespace Redbark.Sync.Ingress.Journal;

/// <summary>What <see cref="SegmentReader.Read"/> found.</summary>
internal enum SegmentRead
{
    /// <summary>A whole record.</summary>
    Record,

    /// <summary>Bytes that are no record, up to the next whole head or the limit.</summary>
    Damage,

    /// <summary>Nothing more below the limit.</summary>
    End,
}

/// <summary>Reads the records of one segment in order, and finds its way past damage.</summary>
internal sealed class SegmentReader : IDisposable
{
    private const int WindowBytes = 128 << 10;

    private readonly SafeFileHandle _file;
    private readonly Segment _segment;
    private readonly byte[] _window = ArrayPool<byte>.Shared.Rent(WindowBytes);
    private long _windowStart;
    private int _windowLength;
    private ulong _lastSequence;

    public SegmentReader(Segment segment)
    {
        _segment = segment;
        _lastSequence = segment.FirstSequence - 1;
        _file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>Where the next read starts.</summary>
    public long Offset { get; private set; } = Segment.HeaderLength;

    /// <exception cref="InvalidDataException">The format is not known to this program.</exception>
    public bool HasHeader() => _segment.HasHeader(Peek(0, Segment.HeaderLength, long.MaxValue));

    /// <summary>Reads the next record or past the next damage.</summary>
    /// <param name="limit">The offset to read up to.</param>
    /// <param name="skipBelow">Records of a lower sequence are passed over.</param>
    /// <param name="record">The record, when there is one; the caller disposes it.</param>
    public SegmentRead Read(long limit, ulong skipBelow, out JournalRecord? record)
    {
        record = null;
        while (Offset < limit)
        {
            if (!TryReadHead(Offset, limit, out var head))
            {
                Offset = NextHead(Offset + 1, limit);
                return SegmentRead.Damage;
            }

            var end = Offset + head.Length;
            var body = end <= limit ? ReadBody(Offset + head.HeadLength, head, limit) : null;
            if (body is null)
            {
                // The head is whole, so its length is true unless bytes were inserted or lost.
                var trusted = end == limit || (end < limit && TryReadHead(end, limit, out _));
                Offset = trusted ? end : NextHead(Offset + head.HeadLength, limit);
                return SegmentRead.Damage;
            }

            _lastSequence = head.Sequence;
            if (head.Sequence >= skipBelow)
            {
                record = new JournalRecord(head.Sequence, RecordFormat.ReadEntry(Peek(Offset, head.HeadLength, limit)), body, head.BodyLength);
                Offset = end;
                return SegmentRead.Record;
            }

            ArrayPool<byte>.Shared.Return(body);
            Offset = end;
        }

        return SegmentRead.End;
    }

    /// <summary>Copies bytes of the segment, damaged ones, to another file.</summary>
    public void CopyTo(string path, long from, long to)
    {
        using var target = File.Create(path);
        var buffer = ArrayPool<byte>.Shared.Rent(WindowBytes);
        while (from < to)
        {
            var read = RandomAccess.Read(_file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, to - from)), from);
            if (read == 0)
                break;
            target.Write(buffer, 0, read);
            from += read;
        }

        target.Flush(flushToDisk: true);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    public void Dispose()
    {
        _file.Dispose();
        ArrayPool<byte>.Shared.Return(_window);
    }

    private bool TryReadHead(long at, long limit, out RecordHead head)
    {
        head = default;
        return RecordFormat.TryReadHeadLength(Peek(at, RecordFormat.FixedLength, limit), out var length)
            && Peek(at, length, limit) is var bytes
            && bytes.Length == length
            && RecordFormat.TryReadHead(bytes, _segment.Salt, out head)
            && head.Sequence > _lastSequence;
    }

    private byte[]? ReadBody(long at, RecordHead head, long limit)
    {
        var body = ArrayPool<byte>.Shared.Rent(Math.Max(head.BodyLength, 1));
        var inWindow = head.BodyLength <= WindowBytes / 2 ? Peek(at, head.BodyLength, limit) : [];
        inWindow.CopyTo(body);
        for (var have = inWindow.Length; have < head.BodyLength;)
        {
            var read = RandomAccess.Read(_file, body.AsSpan(have, head.BodyLength - have), at + have);
            if (read == 0)
                break;
            have += read;
        }

        if (Checksum.Of(body.AsSpan(0, head.BodyLength)) == head.BodyChecksum)
            return body;
        ArrayPool<byte>.Shared.Return(body);
        return null;
    }

    private long NextHead(long from, long limit)
    {
        Span<byte> marker = stackalloc byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(marker, RecordFormat.Marker);
        while (from + marker.Length <= limit)
        {
            var bytes = Peek(from, WindowBytes, limit);
            var found = bytes.IndexOf(marker);
            if (found < 0)
                from += Math.Max(bytes.Length - marker.Length + 1, 1);
            else if (TryReadHead(from + found, limit, out _))
                return from + found;
            else
                from += found + 1;
        }

        return limit;
    }

    /// <summary>Bytes of the file; fewer than asked for only at the limit or the end of the file.</summary>
    private ReadOnlySpan<byte> Peek(long at, int count, long limit)
    {
        count = (int)Math.Clamp(limit - at, 0, count);
        if (at < _windowStart || at + count > _windowStart + _windowLength)
        {
            _windowStart = at;
            _windowLength = 0;
            var wanted = (int)Math.Min(WindowBytes, limit - at);
            while (_windowLength < wanted)
            {
                var read = RandomAccess.Read(_file, _window.AsSpan(_windowLength, wanted - _windowLength), at + _windowLength);
                if (read == 0)
                    break;
                _windowLength += read;
            }
        }

        var start = (int)(at - _windowStart);
        return _window.AsSpan(start, Math.Min(count, _windowLength - start));
    }
}
