namespace Redbark.Sync.Wire;

/// <summary>Verdicts in words.</summary>
public static class SignatureVerdicts
{
    /// <summary>The machine-readable reason of a verdict, as in answers and metrics: <c>signature_missing</c>, …</summary>
    public static string Reason(this SignatureVerdict verdict) => verdict switch
    {
        SignatureVerdict.Valid => "valid",
        SignatureVerdict.SignatureMissing => "signature_missing",
        SignatureVerdict.SignatureMalformed => "signature_malformed",
        SignatureVerdict.SignatureMismatch => "signature_mismatch",
        SignatureVerdict.TimestampMissing => "timestamp_missing",
        SignatureVerdict.TimestampMalformed => "timestamp_malformed",
        SignatureVerdict.TimestampOutsideTolerance => "timestamp_outside_tolerance",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, null),
    };

    /// <summary>What an operator should know and mend. Holds nothing of the request.</summary>
    public static string Explain(this SignatureVerdict verdict) => verdict switch
    {
        SignatureVerdict.Valid => "The signature is valid.",
        SignatureVerdict.SignatureMissing =>
            $"The request has no {WebhookHeaders.Signature} header. Either it does not come from Redbark, or a proxy in front removes the header.",
        SignatureVerdict.SignatureMalformed =>
            $"The {WebhookHeaders.Signature} header is not 'sha256=' and 64 hex digits. "
            + "Either the request does not come from Redbark, or a proxy changes the header.",
        SignatureVerdict.SignatureMismatch =>
            "None of the feed's secrets makes this signature. Compare the configured secrets with the one in Redbark's dashboard (every character counts), "
            + "and check that no proxy changes the body.",
        SignatureVerdict.TimestampMissing =>
            $"The request has no {WebhookHeaders.Timestamp} header, without which the signature cannot be checked. A proxy in front may remove it.",
        SignatureVerdict.TimestampMalformed =>
            $"The {WebhookHeaders.Timestamp} header is not Unix seconds in 1 to 12 digits. "
            + "Either the request does not come from Redbark, or a proxy changes the header.",
        SignatureVerdict.TimestampOutsideTolerance =>
            "The signature is right but too old or too far ahead. Check this machine's clock; if it is right, an old request was sent again.",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, null),
    };
}
