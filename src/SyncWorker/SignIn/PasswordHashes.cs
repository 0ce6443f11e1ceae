using System.Buffers.Binary;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Redbark.Sync.Worker.SignIn;

/// <summary>
/// Passwords as they stand in the settings: the format of ASP.NET Core Identity (version 3), which is base64 of a byte 1, then as 32-bit
/// numbers the function (2 is HMAC-SHA512), the iterations and the salt's length, then the salt and PBKDF2's 32 bytes.
/// </summary>
public static class PasswordHashes
{
    /// <summary>The fewest characters of a password.</summary>
    public const int Shortest = 12;

    /// <summary>The most characters of a password.</summary>
    public const int Longest = 1000;

    private const int Iterations = 210_000;
    private const int MostIterations = 10_000_000;
    private const int HeaderLength = 13;
    private const int ShortestHash = HeaderLength + 16 + 16;

    private static readonly PasswordHasher<object> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));
    private static readonly object Anybody = new();

    /// <summary>Hashes a password with a new salt.</summary>
    public static string Of(string password) => Hasher.HashPassword(Anybody, password);

    /// <summary>Whether it is the password. Takes as long for a wrong one as for the right one.</summary>
    public static bool Matches(string hash, string password) =>
        Hasher.VerifyHashedPassword(Anybody, hash, password) is not PasswordVerificationResult.Failed;

    internal static bool IsUsable(string hash)
    {
        Span<byte> bytes = stackalloc byte[512];
        if (!Convert.TryFromBase64String(hash, bytes, out var length) || length < ShortestHash || bytes[0] != 1)
            return false;
        var function = BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]);
        var iterations = BinaryPrimitives.ReadUInt32BigEndian(bytes[5..]);
        var salt = BinaryPrimitives.ReadUInt32BigEndian(bytes[9..]);
        return function <= 2 && iterations is >= 1 and <= MostIterations && salt >= 16 && HeaderLength + salt + 16 <= (uint)length;
    }
}
