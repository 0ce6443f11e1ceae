using System.Net.Http.Json;
using System.Text.Json;
using Redbark.Sync.EndToEnd.Tests.Harness;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Crash;

/// <summary>kill -9 of a process that is in the middle of long work.</summary>
public sealed class OperationCrashTests
{
    private const int Deliveries = 900;

    [Fact]
    public async Task A_replay_goes_on_from_where_it_was()
    {
        await using var standalone = new StandaloneProcess(("Schedule__Enabled", "false"));
        await standalone.Process.StartAsync();
        using var api = standalone.CreateApiClient();
        using var sender = new Sender(standalone.Webhook);
        await Parallel.ForEachAsync(Enumerable.Range(1, Deliveries), async (number, _) => await sender.SendAsync(number));
        await api.HasDeliveriesAsync(Deliveries, () => standalone.Process.Output);

        using (var asked = await api.PostAsJsonAsync("/api/v1/operations/replay", new { from = $"{DateTime.UtcNow.AddDays(-1):yyyy-MM-dd}" }))
            Assert.True(asked.IsSuccessStatusCode, await asked.Content.ReadAsStringAsync());
        var before = 0L;
        await Eventually.HoldsAsync(async () => (before = (await ReadAsync(api)).GetProperty("done").GetInt64()) > 10, "it has begun", () => standalone.Process.Output);
        Assert.True(before < Deliveries, $"{before}: it was over before it could be killed");
        await standalone.Process.KillAsync();
        await standalone.Process.StartAsync();

        JsonElement operation = default;
        await Eventually.HoldsAsync(
            async () => (operation = await ReadAsync(api)).ValueKind == JsonValueKind.Object && operation.Text("state") == "done", "it is done", () => $"{operation}\n{standalone.Process.Output}");
        Assert.Equal(Deliveries, operation.GetProperty("done").GetInt64());
        Assert.Equal(Deliveries, operation.GetProperty("total").GetInt64());
        await LedgerReader.HoldsExactlyAsync(standalone.Database, sender, () => standalone.Process.Output);
    }

    private static async Task<JsonElement> ReadAsync(HttpClient api)
    {
        using var answer = await api.GetAsync("/api/v1/operations/1");
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>() : default;
    }
}
