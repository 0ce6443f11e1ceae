namespace Redbark.Sync.Wire;

/// <summary>What the check of a signature found.</summary>
public enum SignatureVerdict
{
    /// <summary>Signed with one of the secrets, within the tolerance.</summary>
    Valid,

    /// <summary>No signature header.</summary>
    SignatureMissing,

    /// <summary>The signature header has another form.</summary>
    SignatureMalformed,

    /// <summary>None of the secrets makes this signature.</summary>
    SignatureMismatch,

    /// <summary>No timestamp.</summary>
    TimestampMissing,

    /// <summary>The timestamp is not Unix seconds.</summary>
    TimestampMalformed,

    /// <summary>Signed with one of the secrets, but too long ago or too far ahead.</summary>
    TimestampOutsideTolerance,
}

/// <summary>The outcome of a signature check.</summary>
/// <param name="Verdict">What was found.</param>
/// <param name="MatchedSecret">The secret that made the signature; null where none did.</param>
/// <param name="SignedAt">The timestamp (UTC, whole seconds); null where there is none that is a time.</param>
public readonly record struct SignatureResult(SignatureVerdict Verdict, SigningSecret? MatchedSecret = null, DateTimeOffset? SignedAt = null)
{
    /// <summary>Whether the request may be trusted.</summary>
    public bool IsValid => Verdict is SignatureVerdict.Valid;
}
