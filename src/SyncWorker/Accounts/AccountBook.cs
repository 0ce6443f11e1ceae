using Redbark.Sync.Contracts;

namespace Redbark.Sync.Worker.Accounts;

/// <summary>
/// Finds the accounts that a delivery's rows name, and what the delivery tells about them. <c>account_id</c> and
/// <c>account_public_id</c> are two names of one account (spec 7.1); a row may bring only one of them, so two accounts seen apart are
/// merged once a row brings both. Where ids contradict each other (one public id with two account ids), <c>account_id</c> decides,
/// which is the one that is documented, and money is never mixed.
/// </summary>
internal sealed class AccountBook
{
    private readonly Dictionary<string, AccountState> _byExternalId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AccountState> _byPublicId = new(StringComparer.Ordinal);
    private readonly HashSet<AccountState> _named = [];

    /// <param name="known">The accounts of the ledger that have one of the names.</param>
    public AccountBook(IEnumerable<AccountState> known)
    {
        foreach (var account in known)
            Register(account);
    }

    /// <summary>The accounts that the delivery names.</summary>
    public IReadOnlyCollection<AccountState> Named => _named;

    /// <summary>Contradictions that were met.</summary>
    public List<AccountReference> Contradictions { get; } = [];

    public bool IsChanged => _named.Any(account => account.IsChanged);

    public AccountState this[AccountReference reference] =>
        reference.ExternalId is { } id ? _byExternalId[id] : _byPublicId[reference.PublicId!];

    /// <summary>Finds or adopts all accounts, whatever the order of the references.</summary>
    public void Adopt(IEnumerable<AccountReference> references)
    {
        var distinct = references.Select(reference => (reference.ExternalId, reference.PublicId)).Distinct()
            .OrderBy(names => names.ExternalId, StringComparer.Ordinal).ThenBy(names => names.PublicId, StringComparer.Ordinal).ToList();
        foreach (var (externalId, publicId) in distinct.Where(names => names is { ExternalId: not null, PublicId: not null }))
            Join(externalId!, publicId!);
        foreach (var (externalId, publicId) in distinct)
            _named.Add(Find(externalId, publicId) ?? Register(new AccountState { ExternalId = externalId, PublicId = publicId }));
    }

    private void Join(string externalId, string publicId)
    {
        var byExternal = _byExternalId.GetValueOrDefault(externalId);
        var byPublic = _byPublicId.GetValueOrDefault(publicId);
        if (byExternal is null && byPublic is null)
        {
            Register(new AccountState { ExternalId = externalId, PublicId = publicId });
        }
        else if (byExternal == byPublic)
        {
            // Known by both names.
        }
        else if (byPublic is null && byExternal!.PublicId is null)
        {
            (byExternal.PublicId, byExternal.IsNamed) = (publicId, true);
            Register(byExternal);
        }
        else if (byExternal is null && byPublic!.ExternalId is null)
        {
            (byPublic.ExternalId, byPublic.IsNamed) = (externalId, true);
            Register(byPublic);
        }
        else if (byExternal is { PublicId: null } && byPublic is { ExternalId: null })
        {
            Merge(byExternal, byPublic, externalId, publicId);
        }
        else
        {
            Contradictions.Add(new AccountReference(externalId, publicId, null));
        }
    }

    private void Merge(AccountState left, AccountState right, string externalId, string publicId)
    {
        // The older one stays.
        var (kept, merged) = left.Id < right.Id ? (left, right) : (right, left);
        (kept.ExternalId, kept.PublicId, kept.IsNamed) = (externalId, publicId, true);
        kept.ObserveName(merged.Name, merged.NameObservedAt);
        kept.ObserveCurrency(merged.Currency, merged.CurrencyObservedAt);
        kept.Merged.Add(merged);
        Register(kept);
    }

    private AccountState? Find(string? externalId, string? publicId) =>
        externalId is not null ? _byExternalId.GetValueOrDefault(externalId) : _byPublicId.GetValueOrDefault(publicId!);

    private AccountState Register(AccountState account)
    {
        if (account.ExternalId is { } externalId)
            _byExternalId[externalId] = account;
        // A new account whose public id is another's, by a contradiction, does without it.
        if (account.PublicId is { } publicId && (!_byPublicId.TryGetValue(publicId, out var other) || other.ExternalId is null || other.ExternalId == account.ExternalId))
            _byPublicId[publicId] = account;
        else
            account.PublicId = null;
        return account;
    }
}
