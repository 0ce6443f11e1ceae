using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Wire;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Wire.Rest;
using Redbark.Sync.Worker.Balances.RedbarkRest;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;

namespace Redbark.Sync.Worker.Gaps.Reading;

/// <summary>Reads some days of one account and applies what the ledger lacks of them.</summary>
internal sealed class AccountReader(NpgsqlDataSource database, RedbarkAccess access, ILedger ledger, TimeProvider clock)
{
    private const int RowsPerDelivery = 500;

    /// <exception cref="ProviderException">The window cannot be read; nothing was applied.</exception>
    public async Task<AccountHealing> HealAsync(ReadOrder order, ReadTarget target, CancellationToken cancellation)
    {
        if (target is { Currency: { } currency, ListedCurrency: { } listed } && currency != listed && !target.IsBrokerage)
            throw new ProviderException(ProviderFault.Protocol, $"account {target.ExternalId} is in {listed} by REST, and in {currency} by its rows") { ReachedProvider = false };

        return target.IsBrokerage ? await TradesAsync(order, target, cancellation) : await TransactionsAsync(order, target, cancellation);
    }

    private async Task<AccountHealing> TransactionsAsync(ReadOrder order, ReadTarget target, CancellationToken cancellation)
    {
        var window = order.Window;
        var plan = order.OnlyWhatDiffers ? await PlanAsync(target, window, cancellation) : new ReadPlan([window], 0);
        var healing = await TransactionsAsync(order, target, plan, cancellation);
        // As many rows, and yet other ones: then all of them have to be looked at.
        return healing.Applied > 0 || plan.Windows.SequenceEqual([window])
            ? healing
            : await TransactionsAsync(order, target, plan with { Windows = [window] }, cancellation);
    }

    private async Task<AccountHealing> TransactionsAsync(ReadOrder order, ReadTarget target, ReadPlan plan, CancellationToken cancellation)
    {
        var pending = await HasPendingAsync(cancellation);
        var reads = new List<RestRead<RestTransaction>>();
        foreach (var window in plan.Windows)
            reads.Add(await access.Client.ReadTransactionsAsync(new RestTransactionQuery(target.ConnectionId, target.ExternalId, window.From, window.To, pending), cancellation));
        var read = new RestRead<RestTransaction>(
            [.. reads.SelectMany(part => part.Rows)], [.. reads.SelectMany(part => part.Unusable)], reads.Min(part => part.NotOlderThan))
        {
            TruncatedDays = [.. reads.SelectMany(part => part.TruncatedDays)],
        };
        var unusable = Reasons(read.Unusable);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var picked = await RowPicker.TransactionsAsync(connection, target, read, unusable, cancellation);
        var healing = await ApplyAsync(order, target, read, picked, unusable, cancellation);
        return healing with { Days = plan.Windows.Sum(window => window.Days), Counts = plan.Counts };
    }

    private async Task<ReadPlan> PlanAsync(ReadTarget target, DayWindow window, CancellationToken cancellation)
    {
        var held = await RowsOfDaysAsync(target, window, cancellation);
        return await new Bisection(
            asked => access.Client.CountTransactionsAsync(new RestTransactionQuery(target.ConnectionId, target.ExternalId, asked.From, asked.To), cancellation),
            asked => held.Where(day => day.Key >= asked.From && day.Key <= asked.To).Sum(day => day.Value),
            RedbarkClient.RowsPerPage).FindAsync(window);
    }

    private async Task<Dictionary<DateOnly, long>> RowsOfDaysAsync(ReadTarget target, DayWindow window, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("SELECT booked_on, count(*) FROM ledger.transactions WHERE account_id = $1 AND status = 'posted' AND booked_on BETWEEN $2 AND $3 GROUP BY booked_on")
            .With(target.AccountId).With(window.From, NpgsqlDbType.Date).With(window.To, NpgsqlDbType.Date);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var days = new Dictionary<DateOnly, long>();
        while (await reader.ReadAsync(cancellation))
            days.Add(reader.GetFieldValue<DateOnly>(0), reader.GetInt64(1));
        return days;
    }

    private async Task<AccountHealing> TradesAsync(ReadOrder order, ReadTarget target, CancellationToken cancellation)
    {
        var read = await access.Client.ReadTradesAsync(new RestTradeQuery(target.ConnectionId, target.ExternalId, order.Window.From, order.Window.To), cancellation);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var picked = await RowPicker.TradesAsync(connection, target, read, cancellation);
        return await ApplyAsync(order, target, read, picked, Reasons(read.Unusable), cancellation);
    }

    private async Task<AccountHealing> ApplyAsync<TRow>(
        ReadOrder order, ReadTarget target, RestRead<TRow> read, PickedRows picked, Dictionary<string, int> unusable, CancellationToken cancellation)
    {
        var (applied, deliveries) = (0, new List<Guid>());
        foreach (var rows in picked.New.Select(row => (Row: row, IsNew: true)).Concat(picked.Changed.Select(row => (Row: row, IsNew: false))).Chunk(RowsPerDelivery))
        {
            IWireRow[] added = [.. rows.Where(row => row.IsNew).Select(row => row.Row)];
            IWireRow[] changed = [.. rows.Where(row => !row.IsNew).Select(row => row.Row)];
            var outcome = await ledger.ApplyAsync(RestDelivery.Make(order.Origin, target.TimeZone, target.Type, added, changed, read.NotOlderThan, clock.GetUtcNow()), cancellation);
            applied += outcome.Applied;
            deliveries.Add(outcome.DeliveryId);
        }

        return new AccountHealing(target, order.Window.Days, 0, read.NotOlderThan, read.Rows.Count + read.Unusable.Count, applied, deliveries, read.TruncatedDays, unusable);
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
