using System.Text.Json;
using Redbark.Sync.Standalone.Commands;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Standalone.Demo;

/// <summary>What is in the archive: the rows of the archived bodies, counted here, and the worker's own counts beside them.</summary>
internal sealed class ArchivedRows
{
    /// <summary>The feed under which rows that were read by REST stand in the archive.</summary>
    public const string RestFeed = "rest";

    private const string NoAccount = "none";

    private readonly Dictionary<string, int> _rows = [];
    private readonly Dictionary<string, int> _healed = [];

    /// <summary>What came by webhook.</summary>
    public int Deliveries { get; private set; }

    /// <summary>What was read by REST.</summary>
    public int Readings { get; private set; }

    /// <summary>Rows of trades.</summary>
    public int Trades { get; private set; }

    /// <summary>Rows that the worker says it applied.</summary>
    public int Applied { get; private set; }

    /// <summary>Rows that the worker says changed nothing.</summary>
    public int Unneeded { get; private set; }

    /// <summary>Rows of one account's transactions that came by webhook.</summary>
    public int Rows(string account) => _rows.GetValueOrDefault(account);

    /// <summary>Rows of one account's transactions that were read by REST.</summary>
    public int Healed(string account) => _healed.GetValueOrDefault(account);

    public static async Task<ArchivedRows> ReadAsync(ApiClient api, CancellationToken cancellation)
    {
        var archive = new ArchivedRows();
        await foreach (var delivery in api.ListAsync("/api/v1/deliveries?limit=1000", cancellation))
        {
            var isRest = delivery.GetProperty("feed").GetString() == RestFeed;
            archive.Deliveries += isRest ? 0 : 1;
            archive.Readings += isRest ? 1 : 0;
            archive.Applied += delivery.GetProperty("applied").GetInt32();
            archive.Unneeded += delivery.GetProperty("unchanged").GetInt32() + delivery.GetProperty("ignored").GetInt32();
            var body = await api.GetAsync($"/api/v1/deliveries/{delivery.GetProperty("id").GetString()}/body", cancellation);
            archive.Count(body, isRest ? archive._healed : archive._rows);
        }

        return archive;
    }

    public static string AccountOf(string rawJson)
    {
        using var row = JsonDocument.Parse(rawJson);
        return AccountOf(row.RootElement);
    }

    /// <summary>The rows of an archived body, in whichever list they stand.</summary>
    public static IEnumerable<JsonElement> RowsOf(JsonElement body) => body.GetProperty("data").EnumerateObject().SelectMany(list => list.Value.EnumerateArray());

    public static string AccountOf(JsonElement row) => row.TryGetProperty("account_id", out var account) ? account.GetString() ?? NoAccount : NoAccount;

    private void Count(JsonElement body, Dictionary<string, int> counts)
    {
        var rows = RowsOf(body).ToList();
        if (body.GetProperty("type").GetString() == EventTypes.TradesSynced)
        {
            Trades += rows.Count;
            return;
        }

        foreach (var account in rows.Select(AccountOf))
            counts[account] = counts.GetValueOrDefault(account) + 1;
    }
}
