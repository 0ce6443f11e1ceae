using System.Security.Cryptography;
using System.Text;

namespace Redbark.Sync.Simulator.Bank;

/// <summary>Ids that look random and are the same for the same seed. Safe for concurrent use.</summary>
/// <param name="seed">Seed of the simulator.</param>
/// <param name="kind">What the ids name; another kind gives other ids.</param>
internal sealed class IdSequence(int seed, string kind)
{
    private int _count;

    /// <summary>A UUID of version 4.</summary>
    public Guid NextUuid()
    {
        var bytes = NextHash();
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes.AsSpan(0, 16), bigEndian: true);
    }

    /// <summary>A prefix and 64 hex digits, the form of live transaction ids (spec 7.1).</summary>
    public string NextLong(string prefix) => prefix + Convert.ToHexStringLower(NextHash());

    /// <summary>A prefix and 22 hex digits, the form of v2 ids (spec 7.1).</summary>
    public string NextShort(string prefix) => prefix + Convert.ToHexStringLower(NextHash().AsSpan(0, 11));

    private byte[] NextHash() => SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}|{kind}|{Interlocked.Increment(ref _count)}"));
}
