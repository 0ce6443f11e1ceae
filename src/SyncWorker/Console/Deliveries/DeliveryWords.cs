using Redbark.Sync.Worker.Api.Deliveries;
using Redbark.Sync.Worker.Ledger;

namespace Redbark.Sync.Worker.Console.Deliveries;

/// <summary>Statuses and fates as people say them.</summary>
internal static class DeliveryWords
{
    public static readonly IReadOnlyList<string> Statuses =
        [DeliveryStatus.Applied, DeliveryStatus.Duplicate, DeliveryStatus.Unreadable, DeliveryStatus.Unrecognised, DeliveryStatus.Parked];

    public static string Kind(string status) => status switch
    {
        DeliveryStatus.Applied => "good",
        DeliveryStatus.Parked => "bad",
        DeliveryStatus.Unreadable => "warn",
        DeliveryStatus.Unrecognised => "info",
        _ => "quiet",
    };

    public static string Meaning(string status) => status switch
    {
        DeliveryStatus.Applied => "Its rows are dealt with.",
        DeliveryStatus.Duplicate => "The same event came before with the same bytes, so there was nothing left to do.",
        DeliveryStatus.Unreadable => "It was signed, but its body is not what was expected. It is kept; a newer version may read it, by replay.",
        DeliveryStatus.Unrecognised => "Its type is not known here. It is kept; a newer version may know it, by replay.",
        DeliveryStatus.Parked => "It could not be applied. Nothing of it is in the ledger until it is replayed.",
        _ => "",
    };

    /// <summary>What its rows became, without what none became.</summary>
    public static IEnumerable<(string Fate, int Count)> Counts(DeliveryResponse delivery) => new[]
    {
        (RowFates.Applied, delivery.Applied), (RowFates.Unchanged, delivery.Unchanged), (RowFates.Quarantined, delivery.Quarantined), (RowFates.Ignored, delivery.Ignored),
    }.Where(count => count.Item2 > 0);

    public static string FateKind(string fate) => fate switch
    {
        RowFates.Applied => "good",
        RowFates.Quarantined => "warn",
        RowFates.Waiting or RowFates.Absent => "bad",
        _ => "quiet",
    };

    public static string Why(DeliveryRowResponse row) => row.Fate switch
    {
        RowFates.Applied => row.Revision == 1 ? "new in the ledger" : $"changed the ledger's row: its version {row.Revision}",
        RowFates.Unchanged => row.SaidBy is null ? "the same row stands twice in this delivery" : "the ledger said so already",
        RowFates.Waiting => "its delivery is parked",
        RowFates.Absent => "the ledger has no such row (any more)",
        RowFates.Quarantined => Reason(row.Reason),
        _ => row.Reason switch
        {
            IgnoredReason.Stale => "the ledger knows something newer of this row",
            IgnoredReason.Superseded => "a later version of the row stands in the same delivery",
            IgnoredReason.AlreadyQuarantined => "the same bad row is in quarantine already",
            IgnoredReason.Dropped => "somebody dropped it from quarantine",
            _ => Reason(row.Reason),
        },
    };

    public static string Reason(string? reason) => reason?.Replace('_', ' ') ?? "";
}
