using System.Buffers;

namespace Redbark.Sync.Ingress.Journal;

/// <summary>A record as it was read. Its body lives in a pooled buffer: dispose it when the body is not needed any more.</summary>
internal sealed class JournalRecord(ulong sequence, JournalEntry entry, byte[] buffer, int length) : IDisposable
{
    private byte[]? _buffer = buffer;

    public ulong Sequence { get; } = sequence;

    public JournalEntry Entry { get; } = entry;

    public int BodyLength { get; } = length;

    /// <exception cref="ObjectDisposedException">The record was disposed.</exception>
    public ReadOnlyMemory<byte> Body =>
        new(_buffer ?? throw new ObjectDisposedException(nameof(JournalRecord)), 0, BodyLength);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } rented)
            ArrayPool<byte>.Shared.Return(rented);
    }
}
