using System.Buffers;

namespace Redbark.Sync.Wire;

/// <summary>The signature of the full webhook (spec 1.2): pure functions over the raw bytes.</summary>
public static class WebhookSignature
{
    /// <summary>What the header's value starts with.</summary>
    public const string Prefix = "sha256=";

    /// <summary>How far a signature's time may lie from now, in both directions (spec 1.2).</summary>
    public static readonly TimeSpan DefaultTolerance = TimeSpan.FromSeconds(300);

    /// <summary>Makes the value of <see cref="WebhookHeaders.Signature"/>.</summary>
    /// <param name="body">The raw body.</param>
    /// <param name="unixSeconds">The value of <see cref="WebhookHeaders.Timestamp"/>.</param>
    /// <param name="secret">The secret.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is before 1970 or after 9999.</exception>
    public static string Sign(ReadOnlySpan<byte> body, long unixSeconds, SigningSecret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return Prefix + TimestampedHmac.Sign(body, unixSeconds, secret);
    }

    /// <summary>Checks a request.</summary>
    /// <param name="body">The raw body.</param>
    /// <param name="signature">The value of <see cref="WebhookHeaders.Signature"/>; null when missing.</param>
    /// <param name="timestamp">The value of <see cref="WebhookHeaders.Timestamp"/>; null when missing.</param>
    /// <param name="secrets">Every active secret. Where there is none, nothing matches.</param>
    /// <param name="now">The current time.</param>
    /// <param name="tolerance">How far the timestamp may lie from now; exactly that far is still good.</param>
    public static SignatureResult Verify(
        ReadOnlySpan<byte> body, string? signature, string? timestamp, IReadOnlyList<SigningSecret> secrets, DateTimeOffset now, TimeSpan tolerance)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        if (string.IsNullOrEmpty(signature))
            return new SignatureResult(SignatureVerdict.SignatureMissing);
        if (!signature.StartsWith(Prefix, StringComparison.Ordinal) || signature.Length != Prefix.Length + TimestampedHmac.HexLength)
            return new SignatureResult(SignatureVerdict.SignatureMalformed);

        Span<byte> digest = stackalloc byte[TimestampedHmac.DigestLength];
        if (Convert.FromHexString(signature.AsSpan(Prefix.Length), digest, out _, out _) is not OperationStatus.Done)
            return new SignatureResult(SignatureVerdict.SignatureMalformed);
        if (string.IsNullOrEmpty(timestamp))
            return new SignatureResult(SignatureVerdict.TimestampMissing);
        if (!TimestampedHmac.IsTimestamp(timestamp))
            return new SignatureResult(SignatureVerdict.TimestampMalformed);

        return TimestampedHmac.Check(body, timestamp, digest, secrets, now, tolerance);
    }
}
