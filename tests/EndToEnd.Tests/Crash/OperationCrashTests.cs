using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Redbark.Sync.EndToEnd.Tests.Harness;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Crash;

/// <summary>kill -9 of a process that is in the middle of long work.</summary>
public sealed class OperationCrashTests
{
    private const int Deliveries = 60;
    private const int Replayed = 40;

    [Fact]
    public async Task A_replay_goes_on_from_where_it_was()
    {
        await using var standalone = new StandaloneProcess(("Schedule__Enabled", "false"));
        await standalone.Process.StartAsync();
        using var api = standalone.CreateApiClient();
        using var sender = new Sender(standalone.Webhook);
        await Parallel.ForEachAsync(Enumerable.Range(1, Deliveries), async (number, _) => await sender.SendAsync(number));
        await api.HasDeliveriesAsync(Deliveries, () => standalone.Process.Output);

        // However slow or quick the machine is, the replay stands still before a delivery that somebody else holds.
        await using (var held = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(standalone.Database) { Pooling = false }.ConnectionString))
        {
            await held.OpenAsync();
            await using var holding = await held.BeginTransactionAsync();
            // In a query of its own: what OFFSET passes over would be locked too.
            await using (var hold = new NpgsqlCommand($"SELECT FROM ledger.deliveries WHERE id = (SELECT id FROM ledger.deliveries ORDER BY received_at, id OFFSET {Replayed} LIMIT 1) FOR UPDATE", held))
                await hold.ExecuteNonQueryAsync();
            using (var asked = await api.PostAsJsonAsync("/api/v1/operations/replay", new { from = $"{DateTime.UtcNow.AddDays(-1):yyyy-MM-dd}" }))
                Assert.True(asked.IsSuccessStatusCode, await asked.Content.ReadAsStringAsync());
            await Eventually.EqualsAsync(Replayed, async () => Done(await ReadAsync(api)), () => standalone.Process.Output);
            await standalone.Process.KillAsync();
        }

        var before = await ReplayedAtAsync(standalone.Database);
        Assert.Equal(Replayed, before.Count(at => at.Length > 0));
        await standalone.Process.StartAsync();

        JsonElement operation = default;
        await Eventually.HoldsAsync(
            async () => (operation = await ReadAsync(api)).ValueKind == JsonValueKind.Object, "the operation can be read again", () => standalone.Process.Output);
        Assert.InRange(Done(operation), Replayed, Deliveries);
        await Eventually.HoldsAsync(
            async () => (operation = await ReadAsync(api)).ValueKind == JsonValueKind.Object && operation.Text("state") == "done", "it is done", () => $"{operation}\n{standalone.Process.Output}");
        Assert.Equal((Deliveries, Deliveries), (Done(operation), operation.GetProperty("total").GetInt32()));

        // What was done was not done again, and all the rest was.
        var after = await ReplayedAtAsync(standalone.Database);
        Assert.Equal(before.Take(Replayed), after.Take(Replayed));
        Assert.DoesNotContain("", after);
        await LedgerReader.HoldsExactlyAsync(standalone.Database, sender, () => standalone.Process.Output);
    }

    private static int Done(JsonElement operation) => operation.ValueKind == JsonValueKind.Object ? operation.GetProperty("done").GetInt32() : -1;

    /// <summary>When each delivery was replayed last, in the order of receipt; empty for one that was not.</summary>
    private static async Task<string[]> ReplayedAtAsync(string database) =>
        await LedgerReader.AskAsync<string[]>(database, "SELECT array_agg(coalesce(replayed_at::text, '') ORDER BY received_at, id) FROM ledger.deliveries") ?? [];

    private static async Task<JsonElement> ReadAsync(HttpClient api)
    {
        using var answer = await api.GetAsync("/api/v1/operations/1");
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>() : default;
    }
}
