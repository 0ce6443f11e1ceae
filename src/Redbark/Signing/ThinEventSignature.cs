using System.Buffers;
using System.Globalization;

namespace Redbark.Sync.Wire;

/// <summary>The signature of thin events (spec 4.1): <c>t=1790985600,v1=…</c>, with one <c>v1</c> for each live secret.</summary>
public static class ThinEventSignature
{
    // While secrets rotate there are two; more than this are not looked at, so that a header cannot buy work.
    private const int MaximumSignatures = 8;

    /// <summary>Makes the value of <see cref="WebhookHeaders.ThinEventSignature"/>.</summary>
    /// <param name="body">The raw body.</param>
    /// <param name="unixSeconds">When the signature is made.</param>
    /// <param name="secrets">The live secrets, at least one.</param>
    /// <exception cref="ArgumentException">There is no secret.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is before 1970 or after 9999.</exception>
    public static string Sign(ReadOnlySpan<byte> body, long unixSeconds, params IReadOnlyList<SigningSecret> secrets)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        if (secrets.Count == 0)
            throw new ArgumentException("At least one secret is needed to sign.", nameof(secrets));

        var header = string.Create(CultureInfo.InvariantCulture, $"t={unixSeconds}");
        for (var i = 0; i < secrets.Count; i++)
            header += ",v1=" + TimestampedHmac.Sign(body, unixSeconds, secrets[i]);
        return header;
    }

    /// <summary>Checks a thin event. Good when any <c>v1</c> was made with any of the secrets.</summary>
    /// <param name="body">The raw body.</param>
    /// <param name="header">The value of <see cref="WebhookHeaders.ThinEventSignature"/>; null when missing.</param>
    /// <param name="secrets">Every active secret. Where there is none, nothing matches.</param>
    /// <param name="now">The current time.</param>
    /// <param name="tolerance">How far the timestamp may lie from now; exactly that far is still good.</param>
    public static SignatureResult Verify(
        ReadOnlySpan<byte> body, string? header, IReadOnlyList<SigningSecret> secrets, DateTimeOffset now, TimeSpan tolerance)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        if (string.IsNullOrEmpty(header))
            return new SignatureResult(SignatureVerdict.SignatureMissing);

        ReadOnlySpan<char> timestamp = default;
        var timestamps = 0;
        var found = 0;
        Span<byte> digests = stackalloc byte[MaximumSignatures * TimestampedHmac.DigestLength];
        foreach (var range in header.AsSpan().Split(','))
        {
            var part = header.AsSpan(range).Trim();
            if (part.StartsWith("t="))
            {
                timestamp = part[2..];
                timestamps++;
            }
            else if (part.StartsWith("v1=") && found < MaximumSignatures)
            {
                var digest = digests.Slice(found * TimestampedHmac.DigestLength, TimestampedHmac.DigestLength);
                if (part.Length != 3 + TimestampedHmac.HexLength || Convert.FromHexString(part[3..], digest, out _, out _) is not OperationStatus.Done)
                    return new SignatureResult(SignatureVerdict.SignatureMalformed);
                found++;
            }
        }

        if (found == 0)
            return new SignatureResult(SignatureVerdict.SignatureMalformed);
        if (timestamps == 0)
            return new SignatureResult(SignatureVerdict.TimestampMissing);
        if (timestamps > 1 || !TimestampedHmac.IsTimestamp(timestamp))
            return new SignatureResult(SignatureVerdict.TimestampMalformed);

        return TimestampedHmac.Check(body, timestamp, digests[..(found * TimestampedHmac.DigestLength)], secrets, now, tolerance);
    }
}
