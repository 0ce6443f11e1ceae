using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Archive;

/// <summary>Looks into the archive.</summary>
internal static class ArchiveQueries
{
    /// <summary>One delivery; its id names its month.</summary>
    public static Task<ArchivedDelivery?> FindAsync(LedgerDbContext context, Guid id, CancellationToken cancellation)
    {
        var deliveries = context.Deliveries.Where(delivery => delivery.Id == id);
        if (DeliveryArchive.TimeOf(id) is { } at)
            deliveries = deliveries.Where(delivery => delivery.ReceivedAt == at);
        return deliveries.SingleOrDefaultAsync(cancellation);
    }

    /// <summary>The body of a delivery, which a duplicate shares with its first delivery.</summary>
    /// <exception cref="InvalidOperationException">The first delivery is gone from the archive.</exception>
    public static async Task<StoredBody> BodyAsync(LedgerDbContext context, ArchivedDelivery delivery, CancellationToken cancellation)
    {
        var body = delivery.Body ?? (delivery.DuplicateOf is { } original ? (await FindAsync(context, original, cancellation))?.Body : null)
            ?? throw new InvalidOperationException($"The body of delivery {delivery.Id} is that of {delivery.DuplicateOf}, which is not in the archive.");
        return new StoredBody(body, delivery.BodyLength, delivery.BodySha256);
    }
}
