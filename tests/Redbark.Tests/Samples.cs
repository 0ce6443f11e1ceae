using System.Text;
using System.Text.Json.Nodes;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire.Tests;

/// <summary>Deliveries and bodies to read.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset SignedAt = DateTimeOffset.FromUnixTimeSeconds(1_790_985_600);

    public static Delivery Delivery(string timeZone = "Australia/Sydney") => new()
    {
        Id = Guid.CreateVersion7(SignedAt),
        Feed = "household",
        TimeZone = timeZone,
        ReceivedAt = SignedAt.AddMilliseconds(250),
        SignedAt = SignedAt,
        Headers = new Dictionary<string, string>(),
        SecretName = "Secrets:0",
        Body = BodyStore.Pack("{}"u8),
    };

    /// <summary>The example bodies of spec 2.6, byte for byte.</summary>
    public static byte[] Example(string name)
    {
        using var stream = typeof(Samples).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public static IDelivered Read(string body, string timeZone = "Australia/Sydney") => Read(Encoding.UTF8.GetBytes(body), timeZone);

    public static IDelivered Read(byte[] body, string timeZone = "Australia/Sydney") => DeliveryReader.Read(Delivery(timeZone), body);

    public static string Body(string type, string newRows, string updatedRows = "") =>
        $$"""{"id":"e1","type":"{{type}}","created":1790985600,"data":{"new":[{{newRows}}],"updated":[{{updatedRows}}] } }""";

    public static TransactionsDelivered ReadTransactions(string rows, string timeZone = "Australia/Sydney") =>
        Assert.IsType<TransactionsDelivered>(Read(Body("transactions.synced", rows), timeZone));

    public static TradesDelivered ReadTrades(string rows) => Assert.IsType<TradesDelivered>(Read(Body("trades.synced", rows)));

    /// <summary>A usable transaction row with some fields set to the given JSON texts; null takes a field away.</summary>
    public static string TransactionJson(params (string Name, string? Json)[] changes) => Change("""
        {"id":"bank_tx_1","object":"transaction","amount":-4550,"currency":"aud","status":"posted","description":"Coffee","direction":"debit",
         "class":"payment","account_id":"6af4be01-a492-4f4b-93c9-da6dd1f93149","account_name":"Everyday","local_date":"2026-08-14"}
        """, changes);

    /// <summary>A usable trade row, changed likewise.</summary>
    public static string TradeJson(params (string Name, string? Json)[] changes) => Change("""
        {"id":"t1","object":"trade","account_id":"d4e5f6a7-b8c9-0123-d4e5-f6a7b8c90123","symbol":"VOO","type":"buy","quantity":"10",
         "price":"465.2","currency":"usd","total_amount":"4652","fees":"1","trade_date":"2026-04-15"}
        """, changes);

    /// <summary>The one row of a transactions body, with some fields changed.</summary>
    public static TransactionRow Row(params (string Name, string? Json)[] changes) => RowIn("Australia/Sydney", changes);

    public static TransactionRow RowIn(string timeZone, params (string Name, string? Json)[] changes)
    {
        var delivered = ReadTransactions(TransactionJson(changes), timeZone);
        Assert.Empty(delivered.Rejected);
        return Assert.Single(delivered.Rows);
    }

    /// <summary>The one rejected row of a transactions body, with some fields changed.</summary>
    public static RejectedRow Rejection(params (string Name, string? Json)[] changes)
    {
        var delivered = ReadTransactions(TransactionJson(changes));
        Assert.Empty(delivered.Rows);
        return Assert.Single(delivered.Rejected);
    }

    private static string Change(string json, (string Name, string? Json)[] changes)
    {
        var fields = JsonNode.Parse(json)!.AsObject().ToDictionary(field => field.Key, field => (string?)field.Value!.ToJsonString());
        foreach (var (name, value) in changes)
            fields[name] = value;
        return "{" + string.Join(",", fields.Where(field => field.Value is not null).Select(field => $"\"{field.Key}\":{field.Value}")) + "}";
    }
}
