using System.Text.Json;
using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Archive;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Replay;

/// <summary>An archived delivery as it is read today.</summary>
internal static class ArchivedMessage
{
    /// <returns>Null when its body is that of a delivery that is gone from the archive.</returns>
    public static async Task<IDelivered?> ReadAsync(LedgerDbContext context, ArchivedDelivery archived, CancellationToken cancellation)
    {
        if (archived.Body is null && (archived.DuplicateOf is not { } original || await ArchiveQueries.FindAsync(context, original, cancellation) is null))
            return null;
        return Read(archived, await ArchiveQueries.BodyAsync(context, archived, cancellation));
    }

    /// <summary>It, read by the code of today.</summary>
    public static IDelivered Read(ArchivedDelivery archived, StoredBody body) => DeliveryReader.Read(Of(archived, body), BodyStore.Unpack(body));

    /// <summary>It, as the ingress handed it on.</summary>
    public static Delivery Of(ArchivedDelivery archived, StoredBody body) => new()
    {
        Id = archived.Id,
        Feed = archived.Feed,
        TimeZone = archived.TimeZone,
        ReceivedAt = archived.ReceivedAt,
        SignedAt = archived.SignedAt,
        Headers = JsonSerializer.Deserialize(archived.Headers, LedgerJson.Default.DictionaryStringString)!,
        SecretName = archived.SecretName,
        Body = body,
    };
}
