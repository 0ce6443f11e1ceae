using System.IO.Compression;
using System.Security.Cryptography;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire;

/// <summary>Request bodies in the form in which they are kept: compressed, with their hash.</summary>
public static class BodyStore
{
    /// <summary>Compresses and hashes a body.</summary>
    public static StoredBody Pack(ReadOnlySpan<byte> body)
    {
        using var packed = new MemoryStream(64 + body.Length / 4);
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(body);
        return new StoredBody(packed.ToArray(), body.Length, Hash(body));
    }

    /// <summary>Gives back the exact bytes.</summary>
    /// <exception cref="InvalidDataException">What is stored is damaged: it does not yield the bytes of the stored length and hash.</exception>
    public static byte[] Unpack(StoredBody stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var body = new byte[stored.Length];
        using var gzip = new GZipStream(new MemoryStream(stored.GZip, writable: false), CompressionMode.Decompress);
        if (gzip.ReadAtLeast(body, body.Length, throwOnEndOfStream: false) < body.Length || gzip.ReadByte() >= 0)
            throw new InvalidDataException($"The stored body does not hold the {stored.Length} bytes it should.");
        if (Hash(body) != stored.Sha256)
            throw new InvalidDataException("The stored body does not have the hash it should.");
        return body;
    }

    private static string Hash(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return Convert.ToHexStringLower(hash);
    }
}
