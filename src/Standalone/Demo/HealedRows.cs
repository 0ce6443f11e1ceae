using Redbark.Sync.Standalone.Commands;

namespace Redbark.Sync.Standalone.Demo;

/// <summary>What entered the ledger by REST.</summary>
/// <param name="Rows">Rows that were applied.</param>
/// <param name="Accounts">Accounts that they are of.</param>
internal sealed record HealedRows(int Rows, int Accounts)
{
    public static async Task<HealedRows> ReadAsync(ApiClient api, CancellationToken cancellation)
    {
        var (rows, accounts) = (0, new HashSet<string>(StringComparer.Ordinal));
        await foreach (var delivery in api.ListAsync($"/api/v1/deliveries?feed={ArchivedRows.RestFeed}&limit=1000", cancellation))
        {
            rows += delivery.GetProperty("applied").GetInt32();
            var body = await api.GetAsync($"/api/v1/deliveries/{delivery.GetProperty("id").GetString()}/body", cancellation);
            accounts.UnionWith(ArchivedRows.RowsOf(body).Select(ArchivedRows.AccountOf));
        }

        return new HealedRows(rows, accounts.Count);
    }
}
