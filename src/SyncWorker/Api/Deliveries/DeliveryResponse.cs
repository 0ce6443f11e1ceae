using System.ComponentModel;
using System.Text.Json;

namespace Redbark.Sync.Worker.Api.Deliveries;

/// <summary>An archived delivery. Its rows add up: applied + unchanged + quarantined + ignored = rows.</summary>
internal sealed record DeliveryResponse(
    [property: Description("Version 7 UUID, assigned when the request was accepted.")] Guid Id,
    string Feed,
    [property: Description("applied, duplicate, unreadable, unrecognised or parked.")] string Status,
    DateTime ReceivedAt,
    [property: Description("When the sender made the signature.")] DateTime SignedAt,
    [property: Description("When the ledger took it in.")] DateTime RecordedAt,
    [property: Description("When it was last applied again from the archive.")] DateTime? ReplayedAt,
    [property: Description("The event's id, equal to X-Redbark-Delivery-Id.")] string? EventId,
    [property: Description("The event's type, such as transactions.synced.")] string? Type,
    string? ApiVersion,
    [property: Description("When the sender made the event.")] DateTime? CreatedAt,
    [property: Description("The time that ranks what it says against other deliveries.")] DateTime? ObservedAt,
    string? RunId,
    [property: Description("1-based place in its run.")] int? Chunk,
    int? TotalChunks,
    [property: Description("The name of the secret that matched.")] string SecretName,
    [property: Description("IANA time zone in which instants became booking dates.")] string TimeZone,
    [property: Description("The request headers that were kept.")] Dictionary<string, string> Headers,
    int BodyLength,
    [property: Description("SHA-256 of the body, in hex.")] string BodySha256,
    [property: Description("Names in the body that are not known here, and how often each was seen.")] Dictionary<string, long> UnknownFields,
    [property: Description("The delivery that brought the same event with the same bytes before.")] Guid? DuplicateOf,
    [property: Description("An earlier delivery of the same event with other bytes.")] Guid? ConflictsWith,
    [property: Description("Why it is unreadable or parked.")] string? Error,
    int Rows,
    int Applied,
    int Unchanged,
    int Quarantined,
    int Ignored,
    [property: Description("Why rows were ignored, and how many each.")] Dictionary<string, long> IgnoredReasons)
{
    public static DateTime Utc(DateTimeOffset instant) => instant.UtcDateTime;

    public static DateTime? Utc(DateTimeOffset? instant) => instant?.UtcDateTime;

    public static Dictionary<string, string> Texts(string json) => JsonSerializer.Deserialize(json, ApiJson.Default.DictionaryStringString) ?? [];

    public static Dictionary<string, long> Counts(string json) => JsonSerializer.Deserialize(json, ApiJson.Default.DictionaryStringInt64) ?? [];
}
