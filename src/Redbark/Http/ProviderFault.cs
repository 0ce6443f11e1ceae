namespace Redbark.Sync.Wire.Http;

/// <summary>What a failed read of a provider means for the next one (open-banking-balances 4.2).</summary>
public enum ProviderFault
{
    /// <summary>Passes by itself: timeouts, connections that break, 5xx.</summary>
    Transient,

    /// <summary>Too many calls; <see cref="ProviderException.NotBefore"/> says when to come back.</summary>
    RateLimited,

    /// <summary>The account holder has to consent again; nothing of that connection can be read before.</summary>
    ReauthRequired,

    /// <summary>The consent, or the plan, does not cover this.</summary>
    PermissionMissing,

    /// <summary>Our own key or certificate is refused: nothing of the provider can be read.</summary>
    CredentialInvalid,

    /// <summary>The bank does not offer this.</summary>
    Unsupported,

    /// <summary>The provider does not know the account (any more).</summary>
    AccountGone,

    /// <summary>The provider refuses the request as it is.</summary>
    BadRequest,

    /// <summary>The answer is not what the provider's documents say: unreadable, contradictory, or a redirect.</summary>
    Protocol,
}
