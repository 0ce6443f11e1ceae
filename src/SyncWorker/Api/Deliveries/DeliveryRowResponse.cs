using System.ComponentModel;

namespace Redbark.Sync.Worker.Api.Deliveries;

/// <summary>A row of a delivery, and what the ledger made of it, as it stands now.</summary>
internal sealed record DeliveryRowResponse(
    [property: Description("0-based: through data.new, then on through data.updated.")] int Index,
    [property: Description("new or updated: the array that it came in.")] string Origin,
    [property: Description("transaction or trade.")] string Kind,
    [property: Description("The provider's raw id; null where the row has none that can be used.")] string? ExternalId,
    [property: Description("applied: it made a version of the ledger's row. unchanged: the ledger said so already. quarantined: it waits for a person. ignored: see reason. waiting: its delivery is parked. absent: the ledger has no such row.")]
    string Fate,
    [property: Description("Why it is quarantined or ignored.")] string? Reason,
    [property: Description("The same, in words.")] string? Detail,
    [property: Description("The ledger's id of the account.")] long? AccountId,
    string? AccountName,
    [property: Description("The ledger's id of the transaction or trade.")] long? EntryId,
    [property: Description("The version of it that says what this row says.")] int? Revision,
    [property: Description("The delivery that first said so, where it is another one.")] Guid? SaidBy,
    [property: Description("The quarantine item.")] long? QuarantineId,
    [property: Description("Booking date, or day of trade.")] DateOnly? Day,
    string? Description,
    [property: Description("Decimal string; of a trade its total.")] string? Amount,
    string? Currency);
