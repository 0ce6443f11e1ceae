using Redbark.Sync.Contracts;
using Redbark.Sync.Ingress.Feeds;
using Redbark.Sync.Ingress.Journal;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Ingress.Relay;

/// <summary>Makes the message of a record.</summary>
internal static class DeliveryMessages
{
    public static IDelivered From(JournalRecord record, int largeBodyBytes)
    {
        var entry = record.Entry;
        var delivery = new Delivery
        {
            Id = entry.Id,
            Feed = entry.Feed,
            TimeZone = entry.TimeZone,
            ReceivedAt = entry.ReceivedAt,
            SignedAt = entry.SignedAt,
            Headers = entry.Headers,
            SecretName = entry.SecretName,
            Body = BodyStore.Pack(record.Body.Span),
        };
        if (record.BodyLength > largeBodyBytes)
            return new LargeDelivered(delivery);

        try
        {
            return DeliveryReader.Read(delivery, record.Body);
        }
        catch (Exception e)
        {
            // The reader promises not to throw; a fault in it must not hold up the deliveries behind.
            return new UnreadableDelivered(delivery, $"The reader failed with {e.GetType().Name}.");
        }
    }
}
