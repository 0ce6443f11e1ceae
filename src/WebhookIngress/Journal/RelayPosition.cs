using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Redbark.Sync.Ingress.Journal;

/// <summary>
/// The sequence of the first record that is not known to be published, in a file of its own. The file has two slots, written in
/// turn, so that a write that is cut short leaves the one before. What is lost with it is published again.
/// </summary>
internal sealed class RelayPosition : IDisposable
{
    public const string FileName = "relay.position";

    private const int SlotDistance = 4096;
    private const int SlotLength = 24;

    private readonly SafeFileHandle _file;
    private ulong _generation;
    private ulong _next;

    /// <exception cref="IOException">The file cannot be opened.</exception>
    public RelayPosition(string directory)
    {
        _file = File.OpenHandle(Path.Combine(directory, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        Span<byte> slot = stackalloc byte[SlotLength];
        for (var i = 0; i < 2; i++)
        {
            if (RandomAccess.Read(_file, slot, i * SlotDistance) < SlotLength)
                continue;
            var generation = BinaryPrimitives.ReadUInt64LittleEndian(slot);
            if (BinaryPrimitives.ReadUInt32LittleEndian(slot[16..]) != Checksum.Of(slot[..16], 1) || generation < _generation)
                continue;
            _generation = generation;
            _next = BinaryPrimitives.ReadUInt64LittleEndian(slot[8..]);
        }

        IsLost = _next == 0 && RandomAccess.GetLength(_file) > 0;
        _next = Math.Max(_next, 1);
    }

    /// <summary>The file is there and neither slot can be read: everything in the journal is published again.</summary>
    public bool IsLost { get; }

    /// <summary>What <see cref="Save"/> saved last.</summary>
    public ulong Next => Volatile.Read(ref _next);

    /// <summary>Returns when the position is on disk.</summary>
    public void Save(ulong next)
    {
        Span<byte> slot = stackalloc byte[SlotLength];
        slot.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(slot, _generation + 1);
        BinaryPrimitives.WriteUInt64LittleEndian(slot[8..], next);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[16..], Checksum.Of(slot[..16], 1));
        RandomAccess.Write(_file, slot, (long)((_generation + 1) % 2) * SlotDistance);
        RandomAccess.FlushToDisk(_file);
        _generation++;
        Volatile.Write(ref _next, next);
    }

    public void Dispose() => _file.Dispose();
}
