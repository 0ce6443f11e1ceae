namespace Redbark.Sync.Worker.Balances.Schema;

/// <summary>A connection of a provider as it was last listed.</summary>
internal sealed class Connection
{
    /// <summary>The status of a connection that its provider lists no more.</summary>
    public const string Gone = "gone";

    /// <summary>The status of one that can be read.</summary>
    public const string Active = "active";

    /// <summary>Redbark's status of one that can be read still, and whose consent ends soon (redbark 6.2).</summary>
    public const string Expiring = "expiring";

    public required string Provider { get; init; }
    public required string ConnectionId { get; init; }
    public string? Institution { get; init; }

    /// <summary><see cref="Active"/>, <see cref="Expiring"/>, or the provider's word for what is wrong; <see cref="Gone"/> when it is listed no more.</summary>
    public required string Status { get; init; }
    public DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>When its accounts were last listed without an error.</summary>
    public DateTimeOffset? LastListedAt { get; init; }
    public string? Error { get; init; }
    public string? ErrorFault { get; init; }

    /// <summary>Since when it waits for a person.</summary>
    public DateTimeOffset? NeedsAttentionSince { get; init; }

    /// <summary>When its user has to consent again, as it was last said; null when nobody says.</summary>
    public DateTimeOffset? ConsentEndsAt { get; init; }
}

/// <summary>One account as a provider shows it, and how reading it goes.</summary>
internal sealed class ListedAccount
{
    public long Id { get; init; }
    public required string Provider { get; init; }
    public required string ConnectionId { get; init; }
    public required string ExternalId { get; init; }

    /// <summary>The ledger account that it proves.</summary>
    public long? AccountId { get; init; }

    /// <summary>What the settings link it to.</summary>
    public string? LinkedTo { get; init; }
    public string? Name { get; init; }
    public string? Type { get; init; }
    public string? Currency { get; init; }
    public string? Source { get; init; }
    public bool IsBrokerage { get; init; }
    public DateTimeOffset FirstSeenAt { get; init; }
    public DateTimeOffset LastListedAt { get; init; }

    /// <summary>Since when its connection lists it no more.</summary>
    public DateTimeOffset? GoneAt { get; init; }
    public DateTimeOffset? LastAttemptAt { get; init; }
    public string? LastError { get; init; }
    public string? LastErrorFault { get; init; }

    /// <summary>Since when no usable balance has come.</summary>
    public DateTimeOffset? FailingSince { get; init; }
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The last reading that had a current balance.</summary>
    public long? LastBalanceId { get; init; }
    public DateTimeOffset? LastBalanceAt { get; init; }
    public DateTimeOffset? LastHoldingsAt { get; init; }
}

/// <summary>One reading of a balance. What is missing is null.</summary>
internal sealed class ObservedBalance
{
    public long Id { get; init; }
    public long ProviderAccountId { get; init; }
    public long? AccountId { get; init; }
    public DateTimeOffset RetrievedAt { get; init; }

    /// <summary>The figure is the bank's at some moment from here to <see cref="AsOf"/>, or to <see cref="RetrievedAt"/>.</summary>
    public DateTimeOffset EarliestAt { get; init; }
    public DateTimeOffset? AsOf { get; init; }
    public required string Currency { get; init; }
    public decimal? Current { get; init; }

    /// <summary><c>reported</c>, <c>fallback_from_expected</c> or <c>fallback_from_available</c>.</summary>
    public string? CurrentOrigin { get; init; }
    public decimal? Available { get; init; }

    /// <summary><c>unknown</c>, <c>not_included</c> or <c>included</c>.</summary>
    public required string AvailableIncludesCredit { get; init; }
    public decimal? CreditLimit { get; init; }
    public required string[] Flags { get; init; }

    /// <summary>JSON array: every figure of the provider, as <see cref="Store.Figure"/>.</summary>
    public required string Figures { get; init; }
}

/// <summary>One security of one reading of a brokerage account.</summary>
internal sealed class ObservedHolding
{
    public long Id { get; init; }
    public long ProviderAccountId { get; init; }
    public long? AccountId { get; init; }
    public DateTimeOffset RetrievedAt { get; init; }
    public DateTimeOffset EarliestAt { get; init; }
    public string? Symbol { get; init; }
    public string? Name { get; init; }
    public decimal? Quantity { get; init; }
    public string? Currency { get; init; }
    public decimal? AveragePrice { get; init; }
    public decimal? CurrentPrice { get; init; }
    public decimal? MarketValue { get; init; }

    /// <summary>JSON: what the provider said, verbatim.</summary>
    public required string Figures { get; init; }
}
