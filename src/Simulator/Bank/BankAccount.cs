namespace Redbark.Sync.Simulator.Bank;

/// <summary>One account.</summary>
public sealed record BankAccount
{
    /// <summary><c>account_id</c> of the webhook, the id of v1.</summary>
    public required Guid Id { get; init; }

    /// <summary><c>account_public_id</c> of the webhook, the id of v2: <c>acct_…</c>.</summary>
    public required string PublicId { get; init; }

    /// <summary>The connection it belongs to.</summary>
    public required Guid ConnectionId { get; init; }

    /// <summary>Display name; two accounts may share one (spec 8.5).</summary>
    public required string Name { get; init; }

    /// <summary><c>transaction</c>, <c>savings</c>, <c>credit-card</c>, <c>loan</c> or <c>investment</c>.</summary>
    public required string Type { get; init; }

    /// <summary>ISO 4217, upper case.</summary>
    public required string Currency { get; init; }

    /// <summary>Masked: <c>xxxx1234</c>.</summary>
    public required string AccountNumber { get; init; }

    /// <summary>The balance before the first row, in minor units; negative when money is owed (spec 7.3).</summary>
    public long OpeningMinorUnits { get; init; }

    /// <summary>True when it holds securities.</summary>
    public required bool IsBrokerage { get; init; }
}
