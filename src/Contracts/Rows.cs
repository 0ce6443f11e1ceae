namespace Redbark.Sync.Contracts;

/// <summary>Which array of the envelope a row came in (spec 2.4).</summary>
public enum RowOrigin
{
    /// <summary><c>data.new</c>.</summary>
    New,

    /// <summary><c>data.updated</c>.</summary>
    Updated,
}

/// <summary>Whether the bank has booked a transaction. The order is the precedence: posted wins over pending.</summary>
public enum TransactionStatus
{
    /// <summary>Authorised or announced, not booked.</summary>
    Pending,

    /// <summary>Booked; part of the ledger balance.</summary>
    Posted,
}

/// <summary>The names by which a row names its account. At least one of the ids is there.</summary>
/// <param name="ExternalId"><c>account_id</c>: UUID of the account in Redbark, lower case; null when the row has none.</param>
/// <param name="PublicId"><c>account_public_id</c>: <c>acct_…</c>, another name of the same account (spec 7.1); null when the row has none.</param>
/// <param name="Name">Display name; not unique.</param>
public sealed record AccountReference(string? ExternalId, string? PublicId, string? Name);

/// <summary>One usable transaction row of a delivery (spec 2.2).</summary>
public sealed record TransactionRow
{
    /// <summary>0-based position: through <c>data.new</c>, then on through <c>data.updated</c>.</summary>
    public required int Index { get; init; }

    /// <summary>The array the row came in.</summary>
    public required RowOrigin Origin { get; init; }

    /// <summary>The provider's raw transaction id, without a v2 prefix (spec 7.1); at most 512 characters.</summary>
    public required string ExternalId { get; init; }

    /// <summary>The account.</summary>
    public required AccountReference Account { get; init; }

    /// <summary>Booked or not.</summary>
    public required TransactionStatus Status { get; init; }

    /// <summary>Signed minor units; negative is money out (spec 7.2).</summary>
    public required long MinorUnits { get; init; }

    /// <summary>ISO 4217, upper case; null means the account's own currency.</summary>
    public string? Currency { get; init; }

    /// <summary>The date to book on, in the feed's time zone (spec 7.4).</summary>
    public required DateOnly BookedOn { get; init; }

    /// <summary>The instant of <c>transaction_date</c>, when it is one; to the microsecond.</summary>
    public DateTimeOffset? OccurredAt { get; init; }

    /// <summary>The instant or date of <c>post_date</c> as a date in the feed's time zone, when there is one.</summary>
    public DateOnly? PostedOn { get; init; }

    /// <summary>Bank narration, verbatim.</summary>
    public string? Description { get; init; }

    /// <summary>More narration.</summary>
    public string? ExtendedDescription { get; init; }

    /// <summary>Merchant, trimmed.</summary>
    public string? MerchantName { get; init; }

    /// <summary>The provider's category code or label.</summary>
    public string? Category { get; init; }

    /// <summary>The user's own category in Redbark.</summary>
    public string? CustomCategory { get; init; }

    /// <summary>Four-digit MCC, as text.</summary>
    public string? MerchantCategoryCode { get; init; }

    /// <summary>Bank reference.</summary>
    public string? Reference { get; init; }

    /// <summary>Open vocabulary: <c>payment</c>, <c>transfer</c>, …</summary>
    public string? Class { get; init; }
}

/// <summary>One usable trade row of a delivery (spec 2.3). Figures are decimals of at most 28 digits, exact.</summary>
public sealed record TradeRow
{
    /// <summary>0-based position: through <c>data.new</c>, then on through <c>data.updated</c>.</summary>
    public required int Index { get; init; }

    /// <summary>The array the row came in.</summary>
    public required RowOrigin Origin { get; init; }

    /// <summary>The provider's raw trade id; at most 512 characters.</summary>
    public required string ExternalId { get; init; }

    /// <summary>The account.</summary>
    public required AccountReference Account { get; init; }

    /// <summary><c>buy</c>, <c>sell</c> or another word, lower case.</summary>
    public required string Type { get; init; }

    /// <summary>Ticker; null for what has none.</summary>
    public string? Symbol { get; init; }

    /// <summary>Name of the security.</summary>
    public string? Name { get; init; }

    /// <summary>Units traded.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>Price of one unit in <see cref="Currency"/>.</summary>
    public decimal? Price { get; init; }

    /// <summary>Total in <see cref="Currency"/>.</summary>
    public decimal? TotalAmount { get; init; }

    /// <summary>Fees in <see cref="Currency"/>.</summary>
    public decimal? Fees { get; init; }

    /// <summary>ISO 4217, upper case; null means the account's own currency.</summary>
    public string? Currency { get; init; }

    /// <summary>Day of the trade.</summary>
    public required DateOnly TradedOn { get; init; }

    /// <summary>Day of settlement.</summary>
    public DateOnly? SettledOn { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }
}

/// <summary>A row that cannot be used, kept whole.</summary>
/// <param name="Index">0-based position: through <c>data.new</c>, then on through <c>data.updated</c>.</param>
/// <param name="Origin">The array the row came in.</param>
/// <param name="Reason">Machine-readable: one of <see cref="RowRejection"/>.</param>
/// <param name="Detail">What was found and what is expected; names the field, holds no other data of the row.</param>
/// <param name="ExternalId">The row's id, when it has a usable one.</param>
/// <param name="RawJson">The row's JSON text exactly as it stood in the body.</param>
public sealed record RejectedRow(int Index, RowOrigin Origin, string Reason, string Detail, string? ExternalId, string RawJson);

/// <summary>The values of <see cref="RejectedRow.Reason"/>.</summary>
public static class RowRejection
{
    /// <summary>The row is not a JSON object.</summary>
    public const string NotAnObject = "not_an_object";

    /// <summary>No usable <c>id</c>.</summary>
    public const string IdMissing = "id_missing";

    /// <summary>Neither <c>account_id</c> nor <c>account_public_id</c>.</summary>
    public const string AccountMissing = "account_missing";

    /// <summary><c>amount</c> is missing or is not an integer of minor units within 64 bits.</summary>
    public const string AmountInvalid = "amount_invalid";

    /// <summary><c>direction</c> contradicts the sign of <c>amount</c> (spec 7.2).</summary>
    public const string SignMismatch = "sign_mismatch";

    /// <summary><c>currency</c> is not an ISO 4217 code with a minor unit.</summary>
    public const string CurrencyInvalid = "currency_invalid";

    /// <summary>The row has no currency and none is known for its account.</summary>
    public const string CurrencyUnknown = "currency_unknown";

    /// <summary><c>status</c> is neither <c>posted</c> nor <c>pending</c>.</summary>
    public const string StatusInvalid = "status_invalid";

    /// <summary>No field gives a usable date.</summary>
    public const string DateMissing = "date_missing";

    /// <summary>A trade without a usable <c>type</c>.</summary>
    public const string TypeMissing = "type_missing";

    /// <summary>A quantity, price, total or fee that is not a decimal of at most 28 digits.</summary>
    public const string FigureInvalid = "figure_invalid";
}
