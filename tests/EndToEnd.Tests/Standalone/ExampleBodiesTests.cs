using System.Text.Json;
using Redbark.Sync.EndToEnd.Tests.Harness;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Standalone;

/// <summary>The example bodies of the specification (2.6), byte for byte, signed and sent by the command line to a running process.</summary>
public sealed class ExampleBodiesTests : IAsyncLifetime
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
    public async Task They_become_the_rows_that_the_specification_describes()
    {
        foreach (var example in (string[])["transactions-docs-v1.json", "transactions-newest.json", "trades.json"])
        {
            var sent = await _standalone.RunAsync("send", ExamplePath(example));
            Assert.Equal((0, "200"), (sent.ExitCode, sent.Output[..3]));
        }

        await _api.HasDeliveriesAsync(3, () => _standalone.Process.Output);
        var accounts = (await _api.ListAsync("/api/v1/accounts")).ToDictionary(account => account.Text("externalId")!);

        var everyday = accounts["d4e5f6a7-b8c9-0123-4567-890abcdef012"];
        Assert.Equal(("Everyday Account", "AUD", "-45.50", "1"), (everyday.Text("name"), everyday.Text("currency"), everyday.Text("ledgerBalance"), everyday.Text("transactionCount")));
        var woolworths = Assert.Single(await TransactionsAsync(everyday));
        AssertFields(woolworths, ("externalId", "txn_abc123"), ("status", "posted"), ("amount", "-45.50"), ("currency", "AUD"), ("bookedOn", "2026-03-05"),
            ("occurredAt", null), ("description", "Woolworths Sydney"), ("merchantName", "Woolworths"), ("category", "Groceries"),
            ("merchantCategoryCode", null), ("reference", null), ("revision", "1"));

        var transactor = accounts["6af4be01-a492-4f4b-93c9-da6dd1f93149"];
        Assert.Equal(("acct_47179cb447179cb447179c", "-1070.00", "2"), (transactor.Text("publicId"), transactor.Text("ledgerBalance"), transactor.Text("transactionCount")));
        var rows = (await TransactionsAsync(transactor)).ToDictionary(row => row.Text("externalId")!);
        AssertFields(rows["bank_tx_409b6d0d1bd9cb1876bd1ddf13f86b6759e228e3bbdee67e2cde6f6b3e20381b"], ("status", "posted"), ("amount", "-770.00"),
            ("bookedOn", "2026-08-14"), ("occurredAt", "2026-08-13T19:35:43.566Z"),
            ("description", "Ext Tfr  - NET#1234567890 to 123456 Landlord Property"), ("merchantName", null), ("category", "RENT_AND_UTILITIES"));
        AssertFields(rows["bank_tx_7d5cd2a867c8a1e77ded0c912dd822b07e82fdf8172e3617d67c49e2abc8f1b2"], ("status", "posted"), ("amount", "-300.00"),
            ("bookedOn", "2026-08-13"), ("description", "Osko Payment To Savings xxxx1111"), ("category", "TRANSFER_OUT"));

        var trade = Assert.Single(await _api.ListAsync("/api/v1/trades"));
        AssertFields(trade, ("externalId", "2026-04-15-VOO-BUY-4652-10-2026-04-17-1-"), ("symbol", "VOO"), ("type", "buy"), ("quantity", "10"), ("price", "465.2"),
            ("totalAmount", "4652.00"), ("fees", "1.00"), ("currency", "USD"), ("tradedOn", "2026-04-15"), ("settledOn", "2026-04-17"));
        AssertFields(Assert.Single(await _api.ListAsync("/api/v1/positions")), ("symbol", "VOO"), ("quantity", "10"));

        Assert.Empty(await _api.ListAsync("/api/v1/quarantine"));
        foreach (var delivery in await _api.ListAsync("/api/v1/deliveries"))
            Assert.Equal("applied", delivery.Text("status"));
    }

    [Fact]
    public async Task The_archive_holds_the_exact_bytes_and_a_second_send_changes_nothing()
    {
        var path = ExamplePath("transactions-newest.json");
        await _standalone.RunAsync("send", path);
        await _api.HasDeliveriesAsync(1, () => _standalone.Process.Output);
        await _standalone.RunAsync("send", path);
        await _api.HasDeliveriesAsync(2, () => _standalone.Process.Output);

        var deliveries = await _api.ListAsync("/api/v1/deliveries?eventId=6f0f6a0e-6f43-4a55-9a52-0a7f1f4c2f11");
        Assert.Equal(["applied", "duplicate"], deliveries.Select(delivery => delivery.Text("status")).Order());
        foreach (var delivery in deliveries)
            Assert.Equal(await File.ReadAllBytesAsync(path), await _api.GetByteArrayAsync($"/api/v1/deliveries/{delivery.Text("id")}/body"));

        var account = Assert.Single(await _api.ListAsync("/api/v1/accounts"));
        Assert.Equal(("-1070.00", "2"), (account.Text("ledgerBalance"), account.Text("transactionCount")));
    }

    [Fact]
    public async Task A_replay_by_the_command_line_changes_nothing()
    {
        await _standalone.RunAsync("send", ExamplePath("transactions-newest.json"));
        await _api.HasDeliveriesAsync(1, () => _standalone.Process.Output);
        var id = Assert.Single(await _api.ListAsync("/api/v1/deliveries")).Text("id")!;

        var one = await _standalone.RunAsync("replay", id);
        Assert.Equal((0, $"{id} rows 2, applied 2, unchanged 0, quarantined 0, ignored 0"), (one.ExitCode, one.Output.Trim()));
        var all = await _standalone.RunAsync("replay", "--status", "applied");
        Assert.True(all.ExitCode == 0, all.Output);
        Assert.Contains("done: 1 of 1 deliveries", all.Output);

        var account = Assert.Single(await _api.ListAsync("/api/v1/accounts"));
        Assert.Equal(("-1070.00", "2"), (account.Text("ledgerBalance"), account.Text("transactionCount")));
        Assert.All(await TransactionsAsync(account), row => Assert.Equal("1", row.Text("revision")));
        Assert.Equal(1, (await _standalone.RunAsync("replay", Guid.CreateVersion7().ToString())).ExitCode);
    }

    private static string ExamplePath(string name) => Path.Combine(Repository.Root, "tests", "Redbark.Tests", "Examples", name);

    private Task<JsonElement[]> TransactionsAsync(JsonElement account) => _api.ListAsync($"/api/v1/accounts/{account.Text("id")}/transactions");

    private static void AssertFields(JsonElement element, params (string Name, string? Value)[] fields)
    {
        foreach (var (name, value) in fields)
            Assert.Equal((name, value), (name, element.Text(name)));
    }
}
