using System.Buffers;

namespace Redbark.Sync.Ingress.Journal;

/// <summary>An entry that waits for the disk.</summary>
internal sealed class PendingAppend
{
    // Continuations run on the thread pool: the writer's thread only writes.
    private readonly TaskCompletionSource<JournalReceipt> _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _head;
    private readonly int _headLength;
    private readonly ReadOnlyMemory<byte> _body;

    public PendingAppend(JournalEntry entry, ReadOnlyMemory<byte> body)
    {
        _body = body;
        _head = RecordFormat.RentHead(entry, body.Span, out _headLength);
    }

    public long Length => (long)_headLength + _body.Length;

    public Task<JournalReceipt> Written => _written.Task;

    public ulong Sequence { get; private set; }

    /// <summary>Gives the record its place and adds its bytes to what will be written.</summary>
    public void Seal(ulong sequence, uint salt, List<ReadOnlyMemory<byte>> buffers)
    {
        Sequence = sequence;
        RecordFormat.Seal(_head.AsSpan(0, _headLength), sequence, salt);
        buffers.Add(new(_head, 0, _headLength));
        if (_body.Length > 0)
            buffers.Add(_body);
    }

    public void Complete()
    {
        ArrayPool<byte>.Shared.Return(_head);
        _written.SetResult(new JournalReceipt(Sequence));
    }

    public void Fail(JournalUnavailableException reason)
    {
        ArrayPool<byte>.Shared.Return(_head);
        _written.SetException(reason);
    }
}
