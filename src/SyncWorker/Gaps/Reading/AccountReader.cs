using Npgsql;
using Redbark.Sync.Wire;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Wire.Rest;
using Redbark.Sync.Worker.Balances.RedbarkRest;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Gaps.Schema;
using Redbark.Sync.Worker.Ledger;

namespace Redbark.Sync.Worker.Gaps.Reading;

/// <summary>Reads a gap's window of one account and applies what the ledger lacks of it.</summary>
internal sealed class AccountReader(NpgsqlDataSource database, RedbarkAccess access, ILedger ledger, TimeProvider clock)
{
    private const int RowsPerDelivery = 500;

    /// <exception cref="ProviderException">The window cannot be read; nothing was applied.</exception>
    public async Task<AccountHealing> HealAsync(Gap gap, ReadTarget target, CancellationToken cancellation)
    {
        if (target is { Currency: { } currency, ListedCurrency: { } listed } && currency != listed && !target.IsBrokerage)
            throw new ProviderException(ProviderFault.Protocol, $"account {target.ExternalId} is in {listed} by REST, and in {currency} by its rows") { ReachedProvider = false };

        return target.IsBrokerage ? await TradesAsync(gap, target, cancellation) : await TransactionsAsync(gap, target, cancellation);
    }

    private async Task<AccountHealing> TransactionsAsync(Gap gap, ReadTarget target, CancellationToken cancellation)
    {
        var query = new RestTransactionQuery(target.ConnectionId, target.ExternalId, gap.FromDay, gap.ToDay, await HasPendingAsync(cancellation));
        var read = await access.Client.ReadTransactionsAsync(query, cancellation);
        var unusable = Reasons(read.Unusable);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var picked = await RowPicker.TransactionsAsync(connection, gap, target, read, unusable, cancellation);
        return await ApplyAsync(gap, target, read, picked, unusable, cancellation);
    }

    private async Task<AccountHealing> TradesAsync(Gap gap, ReadTarget target, CancellationToken cancellation)
    {
        var read = await access.Client.ReadTradesAsync(new RestTradeQuery(target.ConnectionId, target.ExternalId, gap.FromDay, gap.ToDay), cancellation);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var picked = await RowPicker.TradesAsync(connection, target, read, cancellation);
        return await ApplyAsync(gap, target, read, picked, Reasons(read.Unusable), cancellation);
    }

    private async Task<AccountHealing> ApplyAsync<TRow>(
        Gap gap, ReadTarget target, RestRead<TRow> read, PickedRows picked, Dictionary<string, int> unusable, CancellationToken cancellation)
    {
        var (applied, deliveries) = (0, new List<Guid>());
        foreach (var rows in picked.New.Select(row => (Row: row, IsNew: true)).Concat(picked.Changed.Select(row => (Row: row, IsNew: false))).Chunk(RowsPerDelivery))
        {
            IWireRow[] added = [.. rows.Where(row => row.IsNew).Select(row => row.Row)];
            IWireRow[] changed = [.. rows.Where(row => !row.IsNew).Select(row => row.Row)];
            var outcome = await ledger.ApplyAsync(RestDelivery.Make(gap, target.TimeZone, target.Type, added, changed, read.NotOlderThan, clock.GetUtcNow()), cancellation);
            applied += outcome.Applied;
            deliveries.Add(outcome.DeliveryId);
        }

        return new AccountHealing(target, read.NotOlderThan, read.Rows.Count + read.Unusable.Count, applied, deliveries, read.TruncatedDays, unusable);
    }

    // Who does not get pending rows by webhook did not ask for them.
    private async Task<bool> HasPendingAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("SELECT EXISTS (SELECT FROM ledger.transactions WHERE status = 'pending') OR EXISTS (SELECT FROM ledger.once_pending)");
        return await batch.ExecuteScalarAsync(cancellation) is true;
    }

    private static Dictionary<string, int> Reasons(IEnumerable<UnusableRow> rows) => rows.GroupBy(row => row.Reason).ToDictionary(group => group.Key, group => group.Count());
}
