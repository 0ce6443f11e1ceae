using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Archive;

namespace Redbark.Sync.Worker.Tests.Support;

/// <summary>Deliveries as the ingress hands them on: real bodies, really read.</summary>
internal static class Sent
{
    public static readonly DateTimeOffset Today = new(DateTime.UtcNow.Date.AddHours(12), TimeSpan.Zero);

    public const string Feed = "redbark";

    public static Delivery Envelope(ReadOnlySpan<byte> body, DateTimeOffset? receivedAt = null, string feed = Feed)
    {
        var at = receivedAt ?? DateTimeOffset.UtcNow;
        at = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
        return new Delivery
        {
            Id = Guid.CreateVersion7(at),
            Feed = feed,
            TimeZone = "Australia/Sydney",
            ReceivedAt = at,
            SignedAt = DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds()),
            Headers = new Dictionary<string, string> { ["content-type"] = "application/json" },
            SecretName = "Secrets:0",
            Body = BodyStore.Pack(body),
        };
    }

    public static IDelivered Body(byte[] body, DateTimeOffset? receivedAt = null, string feed = Feed) =>
        DeliveryReader.Read(Envelope(body, receivedAt, feed), body);

    public static IDelivered Body(string body, DateTimeOffset? receivedAt = null) => Body(System.Text.Encoding.UTF8.GetBytes(body), receivedAt);

    public static IDelivered Transactions(params IWireRow[] rows) => Body(Write(EventTypes.TransactionsSynced, rows));

    public static IDelivered Trades(params IWireRow[] rows) => Body(Write(EventTypes.TradesSynced, rows));

    public static byte[] Write(string type, IReadOnlyList<IWireRow> rows, string? eventId = null, DateTimeOffset? created = null, WireMetadata? metadata = null) =>
        EnvelopeWriter.Write(new WireEnvelope
        {
            Id = eventId ?? Guid.NewGuid().ToString(),
            Type = type,
            Created = (created ?? Today).ToUnixTimeSeconds(),
            New = rows,
            Metadata = metadata,
        });

    public static WireTransaction Transaction(string id, string account, long amount = -4550) => new()
    {
        Id = id,
        AccountId = account,
        AccountName = "Everyday",
        Amount = amount,
        Description = "Woolworths Sydney",
        LocalDate = "2026-08-14",
        TransactionDate = "2026-08-13T19:35:43.5660000Z",
    };

    public static WireTrade Trade(string id, string account, string quantity = "10") => new()
    {
        Id = id,
        AccountId = account,
        Symbol = "VOO",
        Name = "Vanguard S&P 500 ETF",
        Quantity = quantity,
        Price = "465.2",
        TotalAmount = "4652",
        Fees = "1",
        Currency = "usd",
        TradeDate = "2026-04-15",
        SettlementDate = "2026-04-17",
    };

    /// <summary>The same bytes, delivered again.</summary>
    public static IDelivered Again(IDelivered message, DateTimeOffset? receivedAt = null) =>
        Body(BodyStore.Unpack(message.Delivery.Body), receivedAt, message.Delivery.Feed);

    public static string Account() => Guid.NewGuid().ToString();
}
