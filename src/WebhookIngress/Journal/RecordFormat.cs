using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Redbark.Sync.Ingress.Feeds;

namespace Redbark.Sync.Ingress.Journal;

/// <summary>
/// The bytes of one record, little-endian: marker, checksum of the head, length of the head, length of the body, checksum of the
/// body, sequence, id, signed-at, texts; then the body. The head has its own checksum, so that the length of a record whose body
/// is damaged can still be trusted. It starts from the salt of the segment: a body that holds the bytes of a record can
/// never be taken for one.
/// </summary>
internal static class RecordFormat
{
    public const uint Marker = 0x31524252; // "RBR1"
    public const int FixedLength = 56;
    public const int MaxHeadLength = 32 << 10;

    private const int HeadChecksumAt = 4;
    private const int HeadLengthAt = 8;
    private const int BodyLengthAt = 12;
    private const int BodyChecksumAt = 16;
    private const int SequenceAt = 24;
    private const int IdAt = 32;
    private const int SignedAtAt = 48;

    /// <summary>Writes the head into a pooled buffer, all but what <see cref="Seal"/> adds.</summary>
    /// <exception cref="ArgumentException">The texts are longer than a head may be.</exception>
    public static byte[] RentHead(JournalEntry entry, ReadOnlySpan<byte> body, out int length)
    {
        var size = FixedLength + 2 + Encoding.UTF8.GetMaxByteCount(
            entry.Feed.Length + entry.TimeZone.Length + entry.SecretName.Length + (entry.TraceParent?.Length ?? 0)) + 8;
        foreach (var (name, value) in entry.Headers)
            size += 4 + Encoding.UTF8.GetMaxByteCount(name.Length + value.Length);

        var head = ArrayPool<byte>.Shared.Rent(size);
        length = FixedLength;
        WriteText(head, ref length, entry.Feed);
        WriteText(head, ref length, entry.TimeZone);
        WriteText(head, ref length, entry.SecretName);
        WriteText(head, ref length, entry.TraceParent ?? "");
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(length), (ushort)entry.Headers.Count);
        length += 2;
        foreach (var (name, value) in entry.Headers)
        {
            WriteText(head, ref length, name);
            WriteText(head, ref length, value);
        }

        if (length > MaxHeadLength)
        {
            ArrayPool<byte>.Shared.Return(head);
            throw new ArgumentException($"The texts of an entry take {length} bytes, more than {MaxHeadLength}.", nameof(entry));
        }

        BinaryPrimitives.WriteUInt32LittleEndian(head, Marker);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(HeadLengthAt), length);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(BodyLengthAt), body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(BodyChecksumAt), Checksum.Of(body));
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(BodyChecksumAt + 4), 0);
        entry.Id.TryWriteBytes(head.AsSpan(IdAt), bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(SignedAtAt), entry.SignedAt.ToUnixTimeSeconds());
        return head;
    }

    /// <summary>Adds what is known only when the record's place is: its sequence and the checksum with the segment's salt.</summary>
    public static void Seal(Span<byte> head, ulong sequence, uint salt)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(head[SequenceAt..], sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(head[HeadChecksumAt..], Checksum.Of(head[HeadLengthAt..], salt));
    }

    /// <summary>Reads the length of the head from the first <see cref="FixedLength"/> bytes; false where no record starts.</summary>
    public static bool TryReadHeadLength(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (bytes.Length < FixedLength || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Marker)
            return false;
        length = BinaryPrimitives.ReadInt32LittleEndian(bytes[HeadLengthAt..]);
        return length is >= FixedLength and <= MaxHeadLength;
    }

    /// <summary>Checks a whole head; false when it is damaged.</summary>
    public static bool TryReadHead(ReadOnlySpan<byte> head, uint salt, out RecordHead result)
    {
        result = default;
        if (BinaryPrimitives.ReadUInt32LittleEndian(head[HeadChecksumAt..]) != Checksum.Of(head[HeadLengthAt..], salt))
            return false;
        result = new RecordHead(
            BinaryPrimitives.ReadUInt64LittleEndian(head[SequenceAt..]),
            head.Length,
            BinaryPrimitives.ReadInt32LittleEndian(head[BodyLengthAt..]),
            BinaryPrimitives.ReadUInt32LittleEndian(head[BodyChecksumAt..]));
        return result.BodyLength >= 0;
    }

    /// <summary>Reads the entry of a head that <see cref="TryReadHead"/> found whole.</summary>
    public static JournalEntry ReadEntry(ReadOnlySpan<byte> head)
    {
        var at = FixedLength;
        var feed = ReadText(head, ref at);
        var timeZone = ReadText(head, ref at);
        var secretName = ReadText(head, ref at);
        var traceParent = ReadText(head, ref at);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(head[at..]);
        at += 2;
        var headers = new Dictionary<string, string>(count, StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var name = ReadText(head, ref at);
            headers[name] = ReadText(head, ref at);
        }

        return new JournalEntry
        {
            Id = new Guid(head.Slice(IdAt, 16), bigEndian: true),
            SignedAt = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64LittleEndian(head[SignedAtAt..])),
            Feed = feed,
            TimeZone = timeZone,
            SecretName = secretName,
            TraceParent = traceParent.Length == 0 ? null : traceParent,
            Headers = headers,
        };
    }

    private static void WriteText(byte[] head, ref int at, string text)
    {
        var length = Encoding.UTF8.GetBytes(text, head.AsSpan(at + 2));
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(at), checked((ushort)length));
        at += 2 + length;
    }

    private static string ReadText(ReadOnlySpan<byte> head, ref int at)
    {
        var length = BinaryPrimitives.ReadUInt16LittleEndian(head[at..]);
        var text = Encoding.UTF8.GetString(head.Slice(at + 2, length));
        at += 2 + length;
        return text;
    }
}

/// <summary>The part of a head that says where the record is and how to check it.</summary>
internal readonly record struct RecordHead(ulong Sequence, int HeadLength, int BodyLength, uint BodyChecksum)
{
    public long Length => (long)HeadLength + BodyLength;
}
