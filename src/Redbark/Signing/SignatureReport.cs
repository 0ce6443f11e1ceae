using System.Globalization;

namespace Redbark.Sync.Wire;

/// <summary>Whether a signature matches, and if not why, in words for a person.</summary>
/// <param name="IsValid">Whether the request may be trusted.</param>
/// <param name="Lines">What was found, a sentence or two each. They hold nothing of the body or of a secret.</param>
public sealed record SignatureReport(bool IsValid, IReadOnlyList<string> Lines)
{
    /// <summary>Checks a request, and looks for the usual ways in which a body differs by a hair.</summary>
    /// <param name="body">The raw body.</param>
    /// <param name="signature">The value of <see cref="WebhookHeaders.Signature"/>.</param>
    /// <param name="timestamp">The value of <see cref="WebhookHeaders.Timestamp"/>.</param>
    /// <param name="secrets">Every active secret.</param>
    /// <param name="now">The time as of which its age is judged.</param>
    public static SignatureReport Of(byte[] body, string? signature, string? timestamp, IReadOnlyList<SigningSecret> secrets, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(body);
        var result = WebhookSignature.Verify(body, signature, timestamp, secrets, now, WebhookSignature.DefaultTolerance);
        List<string> lines = [$"{result.Verdict.Reason()}: {result.Verdict.Explain()}"];
        if (result.MatchedSecret is { } matched)
            lines.Add($"Signed with {matched.Name} at {result.SignedAt:u}, {Age(now - result.SignedAt)}.");
        else if (result.Verdict is SignatureVerdict.SignatureMismatch && MatchingVariant(body, signature, timestamp, secrets, now) is { } variant)
            lines.Add($"It would match with {variant}: the body was changed on its way here.");
        return new SignatureReport(result.IsValid, lines);
    }

    private static string? MatchingVariant(byte[] body, string? signature, string? timestamp, IReadOnlyList<SigningSecret> secrets, DateTimeOffset now)
    {
        foreach (var (name, variant) in BodyVariants.Of(body))
        {
            if (WebhookSignature.Verify(variant, signature, timestamp, secrets, now, TimeSpan.MaxValue).MatchedSecret is not null)
                return name;
        }

        return null;
    }

    private static string Age(TimeSpan? age) =>
        age is { } span ? string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(span.TotalSeconds):0} s {(span < TimeSpan.Zero ? "ahead" : "ago")}") : "at no time";
}
