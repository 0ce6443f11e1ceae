using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Gaps.Schema;

namespace Redbark.Sync.Worker.Gaps.Reading;

/// <summary>Rows of REST as a delivery, so that they enter the ledger, stay in the archive and are replayed as all others are.</summary>
internal static class RestDelivery
{
    /// <summary>The feed that such deliveries stand under; it has no rhythm and no runs.</summary>
    public const string Feed = "rest";
    public const string OriginHeader = "x-redbark-sync-origin";

    public static string OriginOf(Gap gap) => FormattableString.Invariant($"gap {gap.Id}");

    /// <param name="origin">What they are read for.</param>
    /// <param name="timeZone">The zone of the account's feed.</param>
    /// <param name="type">The event type.</param>
    /// <param name="rows">Rows that the ledger lacks.</param>
    /// <param name="changed">Rows that it has otherwise.</param>
    /// <param name="notOlderThan">The earliest time they may be from, which ranks them: a stale read regresses nothing that is newer.</param>
    /// <param name="now">The time of receipt.</param>
    public static IDelivered Make(
        string origin, string timeZone, string type, IReadOnlyList<IWireRow> rows, IReadOnlyList<IWireRow> changed, DateTimeOffset notOlderThan, DateTimeOffset now)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        var body = EnvelopeWriter.Write(new WireEnvelope
        {
            Id = $"rest_{Guid.CreateVersion7(at)}",
            Type = type,
            Created = notOlderThan.ToUnixTimeSeconds(),
            New = rows,
            Updated = changed,
        });
        return DeliveryReader.Read(
            new Delivery
            {
                Id = Guid.CreateVersion7(at),
                Feed = Feed,
                TimeZone = timeZone,
                ReceivedAt = at,
                SignedAt = DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds()),
                Headers = new Dictionary<string, string> { [OriginHeader] = origin },
                SecretName = Feed,
                Body = BodyStore.Pack(body),
            },
            body);
    }
}
