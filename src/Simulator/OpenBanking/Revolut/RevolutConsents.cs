namespace Redbark.Sync.Simulator.OpenBanking.Revolut;

/// <summary>The consents. Safe for concurrent use.</summary>
internal sealed class RevolutConsents
{
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, RevolutConsent> _consents = [];
    private readonly TimeProvider _clock;
    private int _created;

    public RevolutConsents(TimeProvider clock, RevolutOptions options, Func<IReadOnlyList<int>?, IReadOnlyList<string>> accounts)
    {
        _clock = clock;
        foreach (var grant in options.Grants)
        {
            var given = clock.GetUtcNow() - grant.GivenBefore;
            _consents[grant.ConsentId] = new RevolutConsent
            {
                ConsentId = grant.ConsentId,
                Status = RevolutConsentStatus.Authorised,
                Permissions = grant.Permissions,
                CreatedAt = given,
                StatusSince = given,
                AuthorisedAt = given,
                AccountIds = accounts(grant.Accounts),
            };
        }
    }

    public IReadOnlyList<RevolutConsent> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _consents.Values];
            }
        }
    }

    public RevolutConsent? Find(string consentId)
    {
        lock (_gate)
        {
            return _consents.GetValueOrDefault(consentId);
        }
    }

    public RevolutConsent Ask(IReadOnlyList<string> permissions, DateTimeOffset? expiresAt)
    {
        var now = _clock.GetUtcNow();
        lock (_gate)
        {
            var id = Derived.Uuid("revolut consent", (++_created).ToString());
            return _consents[id] = new RevolutConsent
            {
                ConsentId = id,
                Status = RevolutConsentStatus.AwaitingAuthorisation,
                Permissions = permissions,
                CreatedAt = now,
                StatusSince = now,
                ExpiresAt = expiresAt,
            };
        }
    }

    /// <exception cref="ArgumentException">There is no such consent.</exception>
    public RevolutConsent Change(string consentId, Func<RevolutConsent, RevolutConsent> change)
    {
        lock (_gate)
        {
            var before = _consents.GetValueOrDefault(consentId) ?? throw new ArgumentException($"There is no consent '{consentId}'.", nameof(consentId));
            var after = change(before);
            return _consents[consentId] = after.Status == before.Status ? after : after with { StatusSince = _clock.GetUtcNow() };
        }
    }

    /// <summary>Rejects what the user has not agreed to yet, revokes what it has (spec 2.2).</summary>
    public RevolutConsent TakeBack(string consentId) => Change(consentId, consent => consent with
    {
        Status = consent.Status switch
        {
            RevolutConsentStatus.AwaitingAuthorisation => RevolutConsentStatus.Rejected,
            RevolutConsentStatus.Authorised => RevolutConsentStatus.Revoked,
            var over => over,
        },
    });
}
