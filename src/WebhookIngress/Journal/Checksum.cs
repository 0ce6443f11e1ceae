using System.Numerics;
using System.Runtime.InteropServices;

namespace Redbark.Sync.Ingress.Journal;

/// <summary>CRC-32C.</summary>
internal static class Checksum
{
    /// <summary>Continues <paramref name="seed"/> (0 to begin) over the bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes, uint seed = 0)
    {
        var crc = ~seed;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
            crc = BitOperations.Crc32C(crc, word);
        foreach (var rest in bytes[(bytes.Length & ~7)..])
            crc = BitOperations.Crc32C(crc, rest);
        return ~crc;
    }
}
