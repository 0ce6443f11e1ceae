using Redbark.Sync.Contracts;

namespace Redbark.Sync.Simulator.Bank;

/// <summary>What names a row for ever: the raw id within its account.</summary>
public readonly record struct RowKey(Guid AccountId, string Id);

/// <summary>One transaction as the bank has it now. A change makes a new record of a higher <see cref="Revision"/>.</summary>
public sealed record BankTransaction
{
    /// <summary>The raw id, <c>bank_tx_</c> and 64 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>The account.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>What the feed says; a hold may say posted (<see cref="IsHold"/>).</summary>
    public required TransactionStatus Status { get; init; }

    /// <summary>Signed minor units; negative is money out.</summary>
    public required long MinorUnits { get; init; }

    /// <summary>Bank narration.</summary>
    public required string Description { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When it was booked; null while pending.</summary>
    public DateTimeOffset? PostedAt { get; init; }

    /// <summary>Merchant; may be padded with spaces (spec 8.2).</summary>
    public string? MerchantName { get; init; }

    /// <summary>CDR code, or a label in old documents.</summary>
    public string? Category { get; init; }

    /// <summary>The user's own category.</summary>
    public string? CustomCategory { get; init; }

    /// <summary>Four digits.</summary>
    public string? MerchantCategoryCode { get; init; }

    /// <summary>Bank reference.</summary>
    public string? Reference { get; init; }

    /// <summary>More narration.</summary>
    public string? ExtendedDescription { get; init; }

    /// <summary><c>payment</c>, <c>transfer</c>, …</summary>
    public string Class { get; init; } = "payment";

    /// <summary>A card hold: the bank does not count it in the current balance, whatever <see cref="Status"/> says (spec 7.5).</summary>
    public bool IsHold { get; init; }

    /// <summary>How the row is written.</summary>
    public RowShape Shape { get; init; }

    /// <summary>1 at first; one more with each change.</summary>
    public int Revision { get; init; } = 1;

    /// <summary>Its name.</summary>
    public RowKey Key => new(AccountId, Id);

    /// <summary>Repeats the sign of the amount; zero is a debit (spec 7.2).</summary>
    public string Direction => MinorUnits > 0 ? "credit" : "debit";
}

/// <summary>Ways in which the same row is written differently.</summary>
[Flags]
public enum RowShape
{
    /// <summary>The newest shape: every field.</summary>
    Newest = 0,

    /// <summary>The webhook row's <c>currency</c> is null: the account's counts.</summary>
    NullCurrency = 1,

    /// <summary>The webhook row's <c>currency</c> is in upper case.</summary>
    UpperCaseCurrency = 2,

    /// <summary>The shape of the first documents: dates as <c>YYYY-MM-DD</c>, neither <c>local_date</c> nor a public account id.</summary>
    Old = 4,

    /// <summary>The bank knows a day and no time: instants are null (spec 8.9).</summary>
    DayOnly = 8,
}
