using System.Text;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Worker.Accounts;

/// <summary>An account while a delivery is applied: what the ledger held, and what the delivery adds.</summary>
internal sealed class AccountState
{
    private string? _heldCurrency;

    public long Id { get; set; }
    public string? ExternalId { get; set; }
    public string? PublicId { get; set; }
    public string? Name { get; private set; }
    public DateTimeOffset? NameObservedAt { get; private set; }
    public string? Currency { get; private set; }
    public DateTimeOffset? CurrencyObservedAt { get; private set; }

    public AccountReference Names => new(ExternalId, PublicId, null);

    /// <summary>Not in the ledger yet.</summary>
    public bool IsNew => Id == 0;

    /// <summary>It was given its other id.</summary>
    public bool IsNamed { get; set; }

    /// <summary>Its currency became known, or another one.</summary>
    public bool IsCurrencyChanged => Currency != _heldCurrency;

    /// <summary>Accounts of the ledger that turned out to be this one.</summary>
    public List<AccountState> Merged { get; } = [];

    public bool IsChanged => IsNew || IsNamed || IsCurrencyChanged || Merged.Count > 0;

    /// <summary>What the ledger holds of it.</summary>
    public void Hold(string? name, DateTimeOffset? nameObservedAt, string? currency, DateTimeOffset? currencyObservedAt)
    {
        (Name, NameObservedAt, Currency, CurrencyObservedAt) = (name, nameObservedAt, currency, currencyObservedAt);
        _heldCurrency = currency;
    }

    /// <summary>The newest name wins; of one time, the greatest.</summary>
    public void ObserveName(string? name, DateTimeOffset? at)
    {
        if (name is null || at is null || !Wins(at.Value, name, NameObservedAt, Name))
            return;
        (Name, NameObservedAt) = (name, at);
    }

    /// <summary>The newest currency wins; of one time, the greatest.</summary>
    public void ObserveCurrency(string? currency, DateTimeOffset? at)
    {
        if (currency is null || at is null || !Wins(at.Value, currency, CurrencyObservedAt, Currency))
            return;
        (Currency, CurrencyObservedAt) = (currency, at);
    }

    private static bool Wins(DateTimeOffset at, string value, DateTimeOffset? heldAt, string? held)
    {
        if (heldAt is null || at != heldAt)
            return heldAt is null || at > heldAt;
        // By code point, as the database compares; .NET's ordinal order differs beyond the first plane.
        return held != value && Encoding.UTF8.GetBytes(value).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(held!)) > 0;
    }
}
