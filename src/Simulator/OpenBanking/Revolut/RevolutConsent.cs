namespace Redbark.Sync.Simulator.OpenBanking.Revolut;

/// <summary>State of a consent (spec 2.2).</summary>
public enum RevolutConsentStatus
{
    /// <summary>The user has not been asked yet.</summary>
    AwaitingAuthorisation,

    /// <summary>The user agreed.</summary>
    Authorised,

    /// <summary>The user refused, or the client deleted it before the user was asked.</summary>
    Rejected,

    /// <summary>It was taken back.</summary>
    Revoked,
}

/// <summary>One account-access consent as it is now.</summary>
public sealed record RevolutConsent
{
    /// <summary>Its id.</summary>
    public required string ConsentId { get; init; }

    /// <summary>Its state.</summary>
    public required RevolutConsentStatus Status { get; init; }

    /// <summary>What it allows.</summary>
    public required IReadOnlyList<string> Permissions { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When <see cref="Status"/> became what it is.</summary>
    public required DateTimeOffset StatusSince { get; init; }

    /// <summary>When the user agreed.</summary>
    public DateTimeOffset? AuthorisedAt { get; init; }

    /// <summary>When it ends; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary><c>AccountId</c>s that the user chose.</summary>
    public IReadOnlyList<string> AccountIds { get; init; } = [];

    internal bool Holds(DateTimeOffset now) => Status == RevolutConsentStatus.Authorised && !(ExpiresAt <= now);

    internal bool Allows(params ReadOnlySpan<string> anyOf)
    {
        foreach (var permission in anyOf)
        {
            if (Permissions.Contains(permission))
                return true;
        }

        return false;
    }
}
