using System.Text.Json.Serialization;

namespace Redbark.Sync.Contracts;

/// <summary>What the worker publishes after it is committed. Delivered at least once.</summary>
public interface IWorkerEvent
{
    /// <summary>Identifies what happened: a repeated publish carries the same value.</summary>
    Guid EventId { get; }

    /// <summary>When it was recorded (UTC).</summary>
    DateTimeOffset RecordedAt { get; }
}

/// <summary>A change of an entry of the ledger; its <c>Revision</c> orders the events of one entry.</summary>
public interface ILedgerEvent : IWorkerEvent
{
    /// <summary>The delivery that made the change.</summary>
    Guid DeliveryId { get; }
}

/// <summary>A transaction as the ledger holds it at one revision.</summary>
public sealed record LedgerTransaction
{
    /// <summary>The ledger's id.</summary>
    public required long Id { get; init; }

    /// <summary>The ledger's id of the account.</summary>
    public required long AccountId { get; init; }

    /// <summary>The provider's raw transaction id.</summary>
    public required string ExternalId { get; init; }

    /// <summary>1 for the first applied observation, one more with each applied change.</summary>
    public required int Revision { get; init; }

    /// <summary>Booked or not.</summary>
    public required TransactionStatus Status { get; init; }

    /// <summary>Negative is money out.</summary>
    public required Money Amount { get; init; }

    /// <summary>Booking date.</summary>
    public required DateOnly BookedOn { get; init; }

    /// <summary>The instant of the transaction, when the provider gave one.</summary>
    public DateTimeOffset? OccurredAt { get; init; }

    /// <summary>Bank narration.</summary>
    public string? Description { get; init; }

    /// <summary>Merchant.</summary>
    public string? MerchantName { get; init; }

    /// <summary>The provider's category.</summary>
    public string? Category { get; init; }

    /// <summary>Four-digit MCC.</summary>
    public string? MerchantCategoryCode { get; init; }

    /// <summary>Bank reference.</summary>
    public string? Reference { get; init; }
}

/// <summary>A transaction entered the ledger.</summary>
/// <param name="EventId">See <see cref="IWorkerEvent.EventId"/>.</param>
/// <param name="RecordedAt">See <see cref="IWorkerEvent.RecordedAt"/>.</param>
/// <param name="DeliveryId">See <see cref="ILedgerEvent.DeliveryId"/>.</param>
/// <param name="Transaction">The entry at revision 1.</param>
public sealed record TransactionRecorded(Guid EventId, DateTimeOffset RecordedAt, Guid DeliveryId, LedgerTransaction Transaction) : ILedgerEvent;

/// <summary>A transaction changed in another way than from pending to posted.</summary>
/// <param name="EventId">See <see cref="IWorkerEvent.EventId"/>.</param>
/// <param name="RecordedAt">See <see cref="IWorkerEvent.RecordedAt"/>.</param>
/// <param name="DeliveryId">See <see cref="ILedgerEvent.DeliveryId"/>.</param>
/// <param name="Transaction">The entry after the change.</param>
public sealed record TransactionChanged(Guid EventId, DateTimeOffset RecordedAt, Guid DeliveryId, LedgerTransaction Transaction) : ILedgerEvent;

/// <summary>A pending transaction was booked, under its own id or another.</summary>
/// <param name="EventId">See <see cref="IWorkerEvent.EventId"/>.</param>
/// <param name="RecordedAt">See <see cref="IWorkerEvent.RecordedAt"/>.</param>
/// <param name="DeliveryId">See <see cref="ILedgerEvent.DeliveryId"/>.</param>
/// <param name="Transaction">The posted entry.</param>
/// <param name="PendingId">The ledger's id of the pending entry that it takes the place of; null when that was the same entry.</param>
public sealed record TransactionSettled(Guid EventId, DateTimeOffset RecordedAt, Guid DeliveryId, LedgerTransaction Transaction, long? PendingId = null) : ILedgerEvent;

/// <summary>
/// An entry left the ledger. Only a person's correction of a row brings that about: it was taken back, and no delivery tells of the entry otherwise.
/// </summary>
/// <param name="EventId">See <see cref="IWorkerEvent.EventId"/>.</param>
/// <param name="RecordedAt">See <see cref="IWorkerEvent.RecordedAt"/>.</param>
/// <param name="Kind"><c>transaction</c> or <c>trade</c>.</param>
/// <param name="Id">The ledger's id that it had; it is not used again.</param>
/// <param name="AccountId">The ledger's id of the account.</param>
/// <param name="ExternalId">The provider's raw id of the row.</param>
/// <param name="Revision">The revision at which it was removed.</param>
public sealed record EntryRemoved(Guid EventId, DateTimeOffset RecordedAt, string Kind, long Id, long AccountId, string ExternalId, int Revision) : IWorkerEvent;

/// <summary>A trade entered the ledger or changed there.</summary>
/// <param name="EventId">See <see cref="IWorkerEvent.EventId"/>.</param>
/// <param name="RecordedAt">See <see cref="IWorkerEvent.RecordedAt"/>.</param>
/// <param name="DeliveryId">See <see cref="ILedgerEvent.DeliveryId"/>.</param>
/// <param name="Trade">The trade as the ledger now holds it.</param>
public sealed record TradeRecorded(Guid EventId, DateTimeOffset RecordedAt, Guid DeliveryId, LedgerTrade Trade) : ILedgerEvent;

/// <summary>A trade as the ledger holds it at one revision. Figures are exact decimals, strings in JSON.</summary>
public sealed record LedgerTrade
{
    /// <summary>The ledger's id.</summary>
    public required long Id { get; init; }

    /// <summary>The ledger's id of the account.</summary>
    public required long AccountId { get; init; }

    /// <summary>The provider's raw trade id.</summary>
    public required string ExternalId { get; init; }

    /// <summary>1 for the first applied observation, one more with each applied change.</summary>
    public required int Revision { get; init; }

    /// <summary><c>buy</c>, <c>sell</c> or another word, lower case.</summary>
    public required string Type { get; init; }

    /// <summary>Ticker.</summary>
    public string? Symbol { get; init; }

    /// <summary>Name of the security.</summary>
    public string? Name { get; init; }

    /// <summary>Units traded.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)]
    public decimal? Quantity { get; init; }

    /// <summary>Price of one unit in <see cref="Currency"/>.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)]
    public decimal? Price { get; init; }

    /// <summary>Total in <see cref="Currency"/>.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)]
    public decimal? TotalAmount { get; init; }

    /// <summary>Fees in <see cref="Currency"/>.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)]
    public decimal? Fees { get; init; }

    /// <summary>ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>Day of the trade.</summary>
    public required DateOnly TradedOn { get; init; }

    /// <summary>Day of settlement.</summary>
    public DateOnly? SettledOn { get; init; }
}
