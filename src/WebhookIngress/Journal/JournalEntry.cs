using Redbark.Sync.Ingress.Feeds;

namespace Redbark.Sync.Ingress.Journal;

/// <summary>What the journal keeps of a delivery beside its body.</summary>
internal sealed record JournalEntry
{
    /// <summary>Version 7 UUID; its time is when the delivery was received.</summary>
    public required Guid Id { get; init; }

    public required string Feed { get; init; }

    /// <summary>IANA time zone of the feed.</summary>
    public required string TimeZone { get; init; }

    public required DateTimeOffset SignedAt { get; init; }

    public required string SecretName { get; init; }

    /// <summary>Kept headers by lower-case name.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>W3C trace context of the request, so that the publish continues its trace.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The time in <see cref="Id"/>: UTC, whole milliseconds.</summary>
    public DateTimeOffset ReceivedAt
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            Id.TryWriteBytes(bytes, bigEndian: true, out _);
            return DateTimeOffset.FromUnixTimeMilliseconds(
                (long)System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes) >>> 16);
        }
    }
}

/// <summary>Where an entry stands in the journal. Returned only when it is on disk.</summary>
/// <param name="Sequence">1 for the first record of a journal, one more with each.</param>
internal readonly record struct JournalReceipt(ulong Sequence);
