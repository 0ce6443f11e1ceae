namespace Redbark.Sync.Worker.Ledger.Schema;

/// <summary>An account, adopted when a row first named it.</summary>
internal sealed class Account
{
    public long Id { get; init; }
    public required string Provider { get; init; }
    public string? ExternalId { get; init; }
    public string? PublicId { get; init; }
    public string? Name { get; init; }
    public DateTimeOffset? NameObservedAt { get; init; }
    public string? Currency { get; init; }
    public DateTimeOffset? CurrencyObservedAt { get; init; }
    public DateTimeOffset FirstSeenAt { get; init; }
    public DateTimeOffset LastDeliveryAt { get; init; }
}

/// <summary>What the current row and a version of a transaction have in common.</summary>
internal abstract class TransactionContent
{
    public long AccountId { get; init; }
    public required string ExternalId { get; init; }

    /// <summary><c>pending</c> or <c>posted</c>.</summary>
    public required string Status { get; init; }
    public decimal Amount { get; init; }
    public required string Currency { get; init; }

    /// <summary>The row named no currency and took its account's.</summary>
    public bool CurrencyAssumed { get; init; }
    public DateOnly BookedOn { get; init; }
    public DateOnly? PostedOn { get; init; }
    public DateTimeOffset? OccurredAt { get; init; }
    public string? Description { get; init; }
    public string? ExtendedDescription { get; init; }
    public string? MerchantName { get; init; }
    public string? Category { get; init; }
    public string? CustomCategory { get; init; }
    public string? MerchantCategoryCode { get; init; }
    public string? Reference { get; init; }
    public string? Class { get; init; }
    public DateTimeOffset ObservedAt { get; init; }
    public Guid ContentHash { get; init; }
    public int Revision { get; init; }
    public Guid DeliveryId { get; init; }
    public DateTimeOffset RecordedAt { get; init; }
}

/// <summary>A transaction as it stands.</summary>
internal sealed class Transaction : TransactionContent
{
    public long Id { get; init; }
}

/// <summary>A transaction and what it counts as, now that others may have taken its place (<c>entries</c>).</summary>
internal sealed class Entry : TransactionContent
{
    public long Id { get; init; }

    /// <summary><c>posted</c>, <c>pending</c>, <c>hold</c>, <c>settled</c> or <c>expired</c>.</summary>
    public required string EffectiveStatus { get; init; }

    /// <summary>Part of the ledger's balance.</summary>
    public bool CountsAsPosted { get; init; }

    /// <summary>The posted transaction that took its place.</summary>
    public long? SettledBy { get; init; }

    /// <summary>The pending one or hold whose place it took.</summary>
    public long? Settles { get; init; }
}

/// <summary>What the rows of one account, currency, status and month come to (<c>entry_totals</c>).</summary>
internal sealed class EntryTotal
{
    public long AccountId { get; init; }
    public required string Currency { get; init; }

    /// <summary>As in <see cref="Entry.EffectiveStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>First day of the month of booking.</summary>
    public DateOnly Month { get; init; }
    public decimal Amount { get; init; }
    public long Rows { get; init; }
}

/// <summary>A row of <c>settlements</c>: a row that another one has taken the place of, or that no longer counts.</summary>
internal sealed class StoredSettlement
{
    public long RowId { get; init; }
    public long AccountId { get; init; }

    /// <summary>The posted row, where one took its place.</summary>
    public long? ById { get; init; }

    /// <summary><c>automatic</c> or <c>person</c>.</summary>
    public required string DecidedBy { get; init; }
    public DateTimeOffset Since { get; init; }
}

/// <summary>A row of <c>settlement_decisions</c>: what a person said of a pair, by the names that the bank gives.</summary>
internal sealed class DecidedPair
{
    public const string Accepted = "accepted";
    public const string Rejected = "rejected";

    public long Id { get; init; }
    public required string Provider { get; init; }
    public string? AccountExternalId { get; init; }
    public string? AccountPublicId { get; init; }
    public required string PendingExternalId { get; init; }
    public required string PostedExternalId { get; init; }

    /// <summary><see cref="Accepted"/> or <see cref="Rejected"/>.</summary>
    public required string Decision { get; init; }

    /// <summary>The person, or the key of the token.</summary>
    public required string DecidedBy { get; init; }
    public DateTimeOffset DecidedAt { get; init; }
    public string? Note { get; init; }
}

/// <summary>A pair that may be one payment.</summary>
internal sealed class SuggestedSettlement
{
    public long Id { get; init; }
    public long AccountId { get; init; }
    public long RowId { get; init; }
    public long ById { get; init; }

    /// <summary><c>same_amount</c> or <c>amount_differs</c>.</summary>
    public required string Kind { get; init; }
    public required string Reason { get; init; }
    public int Score { get; init; }
    public DateTimeOffset Since { get; init; }
}

/// <summary>One version of a transaction, the current one included (<c>transaction_versions</c>).</summary>
internal sealed class TransactionVersion : TransactionContent
{
    public long TransactionId { get; init; }

    /// <summary>Null for the current version.</summary>
    public DateTimeOffset? SupersededAt { get; init; }

    /// <summary>The last version of a row that is no longer there (its account was merged, or somebody removed it).</summary>
    public bool Removed { get; init; }
}

/// <summary>What the current row and a version of a trade have in common.</summary>
internal abstract class TradeContent
{
    public long AccountId { get; init; }
    public required string ExternalId { get; init; }
    public required string Type { get; init; }
    public string? Symbol { get; init; }
    public string? Name { get; init; }
    public decimal? Quantity { get; init; }
    public decimal? Price { get; init; }
    public decimal? TotalAmount { get; init; }
    public decimal? Fees { get; init; }
    public required string Currency { get; init; }

    /// <summary>The row named no currency and took its account's.</summary>
    public bool CurrencyAssumed { get; init; }
    public DateOnly TradedOn { get; init; }
    public DateOnly? SettledOn { get; init; }
    public string? Description { get; init; }
    public DateTimeOffset ObservedAt { get; init; }
    public Guid ContentHash { get; init; }
    public int Revision { get; init; }
    public Guid DeliveryId { get; init; }
    public DateTimeOffset RecordedAt { get; init; }
}

/// <summary>A trade as it stands.</summary>
internal sealed class Trade : TradeContent
{
    public long Id { get; init; }
}

/// <summary>One version of a trade, the current one included (<c>trade_versions</c>).</summary>
internal sealed class TradeVersion : TradeContent
{
    public long TradeId { get; init; }

    /// <summary>Null for the current version.</summary>
    public DateTimeOffset? SupersededAt { get; init; }

    /// <summary>The last version of a row that is no longer there.</summary>
    public bool Removed { get; init; }
}

/// <summary>Buys less sells of one symbol in one account, and what the broker says of it (<c>position_proofs</c>).</summary>
internal sealed class Position
{
    public long AccountId { get; init; }
    public required string Symbol { get; init; }
    public string? Name { get; init; }
    public decimal Quantity { get; init; }

    /// <summary>Null when the trades are in several currencies.</summary>
    public string? Currency { get; init; }
    public long Trades { get; init; }

    /// <summary>Trades of other types, or without a quantity: they move nothing here.</summary>
    public long Ignored { get; init; }
    public DateOnly? LastTradedOn { get; init; }

    /// <summary><c>proved</c>, <c>settling</c>, <c>drift</c> or <c>unknown</c>; null where no broker shows the account.</summary>
    public string? Status { get; init; }
    public string? Cause { get; init; }

    /// <summary>What was held before the first trade and the trades, when the broker was last read.</summary>
    public decimal? Expected { get; init; }

    /// <summary>What the broker held then.</summary>
    public decimal? Actual { get; init; }
    public decimal? Drift { get; init; }
    public DateOnly? Since { get; init; }
    public DateTimeOffset? ObservedAt { get; init; }
}

/// <summary>An archived delivery.</summary>
internal sealed class ArchivedDelivery
{
    public DateTimeOffset ReceivedAt { get; init; }
    public Guid Id { get; init; }
    public required string Feed { get; init; }
    public required string TimeZone { get; init; }
    public DateTimeOffset SignedAt { get; init; }
    public string? EventId { get; init; }
    public string? EventType { get; init; }
    public string? ApiVersion { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? ObservedAt { get; init; }
    public string? RunId { get; init; }
    public int? Chunk { get; init; }
    public int? TotalChunks { get; init; }
    public required string SecretName { get; init; }

    /// <summary>JSON object.</summary>
    public required string Headers { get; init; }

    /// <summary>The body, compressed with gzip; null when it is that of <see cref="DuplicateOf"/>.</summary>
    public byte[]? Body { get; init; }
    public int BodyLength { get; init; }
    public required string BodySha256 { get; init; }

    /// <summary>JSON object: name to count.</summary>
    public required string UnknownFields { get; init; }

    /// <summary><c>applied</c>, <c>duplicate</c>, <c>unreadable</c>, <c>unrecognised</c> or <c>parked</c>.</summary>
    public required string Status { get; init; }
    public Guid? DuplicateOf { get; init; }

    /// <summary>An earlier delivery with the same event id and other bytes.</summary>
    public Guid? ConflictsWith { get; init; }
    public string? Error { get; init; }
    public int Rows { get; init; }
    public int Applied { get; init; }
    public int Unchanged { get; init; }
    public int Quarantined { get; init; }
    public int Ignored { get; init; }

    /// <summary>JSON object: reason to count, adding up to <see cref="Ignored"/>.</summary>
    public required string IgnoredReasons { get; init; }
    public DateTimeOffset RecordedAt { get; init; }

    /// <summary>When it was last applied again from the archive.</summary>
    public DateTimeOffset? ReplayedAt { get; init; }
}

/// <summary>A sync run and which of its chunks came (<c>sync_run_progress</c>).</summary>
internal sealed class SyncRun
{
    public required string Feed { get; init; }
    public required string RunId { get; init; }
    public required string Type { get; init; }
    public DateTimeOffset FirstAt { get; init; }
    public DateTimeOffset LastAt { get; init; }
    public int? TotalChunks { get; init; }
    public int ReceivedChunks { get; init; }
    public long Rows { get; init; }
    public required int[] MissingChunks { get; init; }

    /// <summary>Whether no chunk is missing; kept with the run, where the list of the missing ones is made when it is read.</summary>
    public bool Complete { get; init; }
}

/// <summary>A chunk of a run that came.</summary>
internal sealed class SyncRunChunk
{
    public required string Feed { get; init; }
    public required string RunId { get; init; }
    public required string Type { get; init; }
    public int Chunk { get; init; }
    public Guid DeliveryId { get; init; }
    public DateTimeOffset ReceivedAt { get; init; }
    public int Rows { get; init; }
    public int? NewCount { get; init; }
    public int? UpdatedCount { get; init; }
}

/// <summary>A row of <c>quarantine_decisions</c>: what a person decided about a row as it was sent.</summary>
internal sealed class StoredDecision
{
    public Guid RowHash { get; init; }

    /// <summary>What it should have said; null when it was dropped.</summary>
    public string? CorrectedJson { get; init; }
    public string? DecidedBy { get; init; }
}

/// <summary>A row that could not be applied.</summary>
internal sealed class QuarantinedRow
{
    public long Id { get; init; }
    public Guid DeliveryId { get; init; }
    public DateTimeOffset DeliveryReceivedAt { get; init; }
    public int RowIndex { get; init; }

    /// <summary><c>new</c> or <c>updated</c>.</summary>
    public required string Origin { get; init; }

    /// <summary><c>transaction</c> or <c>trade</c>.</summary>
    public required string Kind { get; init; }
    public required string Reason { get; init; }
    public required string Detail { get; init; }
    public string? ExternalId { get; init; }

    /// <summary>Set for a row that waits for its account's currency.</summary>
    public long? AccountId { get; init; }
    public required string RawJson { get; init; }
    public string? Parsed { get; init; }
    public DateTimeOffset? ObservedAt { get; init; }
    public Guid RowHash { get; init; }

    /// <summary><c>open</c>, <c>applied</c> or <c>dropped</c>.</summary>
    public required string State { get; init; }
    public string? Note { get; init; }

    /// <summary>How a row was counted that entered by a correction; null for one that did not.</summary>
    public string? Fate { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ResolvedAt { get; init; }
}
