using System.Linq.Expressions;
using Redbark.Sync.Worker.Archive;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Api.Deliveries;

/// <summary>Reads of the archive.</summary>
internal static class DeliveryQueries
{
    /// <summary>Everything but the body.</summary>
    public static readonly Expression<Func<ArchivedDelivery, DeliveryResponse>> Response = delivery => new DeliveryResponse(
        delivery.Id,
        delivery.Feed,
        delivery.Status,
        DeliveryResponse.Utc(delivery.ReceivedAt),
        DeliveryResponse.Utc(delivery.SignedAt),
        DeliveryResponse.Utc(delivery.RecordedAt),
        DeliveryResponse.Utc(delivery.ReplayedAt),
        delivery.EventId,
        delivery.EventType,
        delivery.ApiVersion,
        DeliveryResponse.Utc(delivery.CreatedAt),
        DeliveryResponse.Utc(delivery.ObservedAt),
        delivery.RunId,
        delivery.Chunk,
        delivery.TotalChunks,
        delivery.SecretName,
        delivery.TimeZone,
        DeliveryResponse.Texts(delivery.Headers),
        delivery.BodyLength,
        delivery.BodySha256,
        DeliveryResponse.Counts(delivery.UnknownFields),
        delivery.DuplicateOf,
        delivery.ConflictsWith,
        delivery.Error,
        delivery.Rows,
        delivery.Applied,
        delivery.Unchanged,
        delivery.Quarantined,
        delivery.Ignored,
        DeliveryResponse.Counts(delivery.IgnoredReasons));

    /// <summary>The delivery with an id; the time within the id names the one partition to look in.</summary>
    public static IQueryable<ArchivedDelivery> WithId(this IQueryable<ArchivedDelivery> deliveries, Guid id)
    {
        deliveries = deliveries.Where(delivery => delivery.Id == id);
        return DeliveryArchive.TimeOf(id) is { } receivedAt ? deliveries.Where(delivery => delivery.ReceivedAt == receivedAt) : deliveries;
    }

    /// <summary>The deliveries that an id of any kind names: their own, their event's or their run's.</summary>
    public static IQueryable<ArchivedDelivery> WithAnyId(this IQueryable<ArchivedDelivery> deliveries, string id)
    {
        if (!Guid.TryParseExact(id, "D", out var uuid) || DeliveryArchive.TimeOf(uuid) is not { } receivedAt)
            return deliveries.Where(delivery => delivery.EventId == id || delivery.RunId == id);
        return deliveries.Where(delivery => (delivery.ReceivedAt == receivedAt && delivery.Id == uuid) || delivery.EventId == id || delivery.RunId == id);
    }
}
