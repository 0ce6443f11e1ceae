using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Redbark.Sync.Wire;

/// <summary>HMAC-SHA256 over <c>timestamp "." body</c>, which both kinds of signature share (spec 1.2, 4.1).</summary>
internal static class TimestampedHmac
{
    public const int DigestLength = HMACSHA256.HashSizeInBytes;
    public const int HexLength = 2 * DigestLength;

    private const int MaximumTimestampDigits = 12;
    private const long LastUnixSecond = 253_402_300_799;

    public static string Sign(ReadOnlySpan<byte> body, long unixSeconds, SigningSecret secret)
    {
        if (unixSeconds is < 0 or > LastUnixSecond)
            throw new ArgumentOutOfRangeException(nameof(unixSeconds), unixSeconds, "A time between 1970 and 9999 is needed.");

        Span<byte> digest = stackalloc byte[DigestLength];
        Compute(body, unixSeconds.ToString(CultureInfo.InvariantCulture), secret, digest);
        return Convert.ToHexStringLower(digest);
    }

    public static bool IsTimestamp(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaximumTimestampDigits && !text.ContainsAnyExceptInRange('0', '9');

    /// <summary>Finds the secret that makes one of the digests, then judges the time. Every secret is tried against every digest.</summary>
    public static SignatureResult Check(
        ReadOnlySpan<byte> body, ReadOnlySpan<char> timestamp, ReadOnlySpan<byte> digests, IReadOnlyList<SigningSecret> secrets,
        DateTimeOffset now, TimeSpan tolerance)
    {
        var unixSeconds = long.Parse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture);
        DateTimeOffset? signedAt = unixSeconds <= LastUnixSecond ? DateTimeOffset.FromUnixTimeSeconds(unixSeconds) : null;

        SigningSecret? matched = null;
        Span<byte> expected = stackalloc byte[DigestLength];
        for (var i = 0; i < secrets.Count; i++)
        {
            Compute(body, timestamp, secrets[i], expected);
            for (var start = 0; start < digests.Length; start += DigestLength)
            {
                if (CryptographicOperations.FixedTimeEquals(digests.Slice(start, DigestLength), expected))
                    matched ??= secrets[i];
            }
        }

        // The time is judged last, so that "outside tolerance" is only said of what was really signed: it points at a clock.
        var verdict = matched is null ? SignatureVerdict.SignatureMismatch
            : signedAt is { } at && (now - at).Duration() <= tolerance ? SignatureVerdict.Valid
            : SignatureVerdict.TimestampOutsideTolerance;
        return new SignatureResult(verdict, matched, signedAt);
    }

    private static void Compute(ReadOnlySpan<byte> body, ReadOnlySpan<char> timestamp, SigningSecret secret, Span<byte> digest)
    {
        Span<byte> prefix = stackalloc byte[MaximumTimestampDigits + 1];
        var length = Encoding.ASCII.GetBytes(timestamp, prefix);
        prefix[length] = (byte)'.';

        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret.Key);
        hmac.AppendData(prefix[..(length + 1)]);
        hmac.AppendData(body);
        hmac.GetHashAndReset(digest);
    }
}
