using System.Net;
using System.Text;
using Redbark.Sync.EndToEnd.Tests.Harness;

namespace Redbark.Sync.EndToEnd.Tests.Standalone;

/// <summary>Every signed byte sequence is answered 200, archived exactly, and shows up as unreadable, quarantined or applied.</summary>
public sealed class HostileBodiesTests : IAsyncLifetime
{
    private readonly StandaloneProcess _standalone = new();
    private HttpClient _api = null!;

    public async ValueTask InitializeAsync()
    {
        await _standalone.Process.StartAsync();
        _api = _standalone.CreateApiClient();
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _standalone.DisposeAsync();
    }

    [Fact]
    public async Task Hostile_bodies_are_all_accepted_archived_and_accounted_for()
    {
        (string Name, byte[] Body, string Status, int Applied, int Quarantined)[] cases =
        [
            ("nothing", [], "unreadable", 0, 0),
            ("not JSON", "<html>502 Bad Gateway</html>"u8.ToArray(), "unreadable", 0, 0),
            ("truncated", Envelope(Row("t1"))[..^40], "unreadable", 0, 0),
            ("another shape", "[1,2,3]"u8.ToArray(), "unreadable", 0, 0),
            ("invalid UTF-8", [0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x7D], "unreadable", 0, 0),
            ("NaN", Envelope(Row("t2", amount: "NaN")), "unreadable", 0, 0),
            ("10,000 rows", Envelope([.. Enumerable.Range(0, 10_000).Select(i => Row($"many-{i}"))]), "applied", 10_000, 0),
            ("a row that is a string", Envelope("\"row\"", Row("t3")), "applied", 1, 1),
            ("an amount beyond 64 bits", Envelope(Row("t4", amount: "-9223372036854775809"), Row("t5", amount: "-9223372036854775808")), "applied", 1, 1),
            ("a date of year 0", Envelope(Row("t6", date: "0000-01-01")), "applied", 0, 1),
            ("a lone surrogate", Envelope(Row("t7", description: "caf\\ud83c")), "applied", 1, 0),
            ("duplicate keys", Envelope(Row("t8").Replace("\"currency\"", "\"description\":\"first\",\"currency\"")), "applied", 1, 0),
            ("nesting", Envelope(Row("t9").Replace("{", "{\"deep\":" + new string('[', 1000) + new string(']', 1000) + ",")), "applied", 1, 0),
            ("a byte order mark", [.. Encoding.UTF8.Preamble, .. Envelope(Row("t10"))], "applied", 1, 0),
            ("NUL in text", Envelope(Row("t11", description: "a\\u0000b"), Row("t\\u0000")), "applied", 1, 1),
            ("an unknown type", "{\"id\":\"e\",\"object\":\"event\",\"type\":\"accounts.synced\",\"created\":1,\"data\":{}}"u8.ToArray(), "unrecognised", 0, 0),
        ];

        using var sender = new Sender(_standalone.Webhook);
        foreach (var (name, body, _, _, _) in cases)
        {
            using var answer = await sender.PostAsync(body);
            Assert.Equal((name, HttpStatusCode.OK), (name, answer.StatusCode));
        }

        await _api.HasDeliveriesAsync(cases.Length, () => _standalone.Process.Output);
        var deliveries = await _api.ListAsync("/api/v1/deliveries?limit=1000");
        Assert.Equal(cases.Length, deliveries.Length);
        var bodies = new Dictionary<string, string>();
        foreach (var delivery in deliveries)
            bodies[Convert.ToBase64String(await _api.GetByteArrayAsync($"/api/v1/deliveries/{delivery.Text("id")}/body"))] = delivery.Text("id")!;

        foreach (var (name, body, status, applied, quarantined) in cases)
        {
            var id = Assert.Contains(Convert.ToBase64String(body), (IDictionary<string, string>)bodies);
            var delivery = deliveries.Single(found => found.Text("id") == id);
            Assert.Equal((name, status, applied, quarantined), (name, delivery.Text("status"), Count("applied"), Count("quarantined")));
            Assert.Equal(Count("rows"), Count("applied") + Count("unchanged") + Count("quarantined") + Count("ignored"));

            int Count(string outcome) => delivery.GetProperty(outcome).GetInt32();
        }
    }

    private static string Row(string id, string amount = "-100", string date = "2026-08-14", string description = "x") => $$"""
        {"id":"{{id}}","object":"transaction","amount":{{amount}},"currency":"aud","status":"posted","description":"{{description}}","direction":"debit",
         "account_id":"{{Sender.Account}}","account_name":"Everyday","local_date":"{{date}}"}
        """;

    private static byte[] Envelope(params string[] rows) => Encoding.UTF8.GetBytes($$"""
        {"id":"{{Guid.NewGuid()}}","object":"event","type":"transactions.synced","created":1786671600,"data":{"new":[{{string.Join(',', rows)}}],"updated":[]} }
        """);
}
