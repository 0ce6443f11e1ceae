using System.Text.Json;
using Redbark.Sync.Standalone.Commands;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Standalone.Demo;

/// <summary>What is in the archive: the rows of the archived bodies, counted here, and the worker's own counts beside them.</summary>
internal sealed class ArchivedRows
{
    private const string NoAccount = "none";

    private readonly Dictionary<string, int> _rows = [];

    public int Deliveries { get; private set; }

    /// <summary>Rows of trades.</summary>
    public int Trades { get; private set; }

    /// <summary>Rows that the worker says it applied.</summary>
    public int Applied { get; private set; }

    /// <summary>Rows that the worker says changed nothing.</summary>
    public int Unneeded { get; private set; }

    /// <summary>Rows of one account's transactions, over all bodies.</summary>
    public int Rows(string account) => _rows.GetValueOrDefault(account);

    public static async Task<ArchivedRows> ReadAsync(ApiClient api, CancellationToken cancellation)
    {
        var archive = new ArchivedRows();
        await foreach (var delivery in api.ListAsync("/api/v1/deliveries?limit=1000", cancellation))
        {
            archive.Deliveries++;
            archive.Applied += delivery.GetProperty("applied").GetInt32();
            archive.Unneeded += delivery.GetProperty("unchanged").GetInt32() + delivery.GetProperty("ignored").GetInt32();
            var body = await api.GetAsync($"/api/v1/deliveries/{delivery.GetProperty("id").GetString()}/body", cancellation);
            archive.Count(body);
        }

        return archive;
    }

    public static string AccountOf(string rawJson)
    {
        using var row = JsonDocument.Parse(rawJson);
        return AccountOf(row.RootElement);
    }

    private static string AccountOf(JsonElement row) => row.TryGetProperty("account_id", out var account) ? account.GetString() ?? NoAccount : NoAccount;

    private void Count(JsonElement body)
    {
        var rows = body.GetProperty("data").EnumerateObject().SelectMany(list => list.Value.EnumerateArray()).ToList();
        if (body.GetProperty("type").GetString() == EventTypes.TradesSynced)
        {
            Trades += rows.Count;
            return;
        }

        foreach (var account in rows.Select(AccountOf))
            _rows[account] = _rows.GetValueOrDefault(account) + 1;
    }
}
