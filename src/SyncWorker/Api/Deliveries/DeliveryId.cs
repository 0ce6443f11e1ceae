namespace Redbark.Sync.Worker.Api.Deliveries;

/// <summary>A delivery's id tells when it was received, and so in which month it is archived.</summary>
internal static class DeliveryId
{
    private const int UnixMillisecondsBits = 48;
    private static readonly long LastMillisecond = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>The time within a version 7 UUID (whole milliseconds, UTC); null for a UUID that no delivery can have.</summary>
    public static DateTimeOffset? ReceivedAt(Guid id)
    {
        if (id.Version != 7)
            return null;
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = (long)(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes) >> (64 - UnixMillisecondsBits));
        return milliseconds > LastMillisecond ? null : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }
}
