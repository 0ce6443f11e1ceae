using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;
using Redbark.Sync.Wire.Rest;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Gaps.Reading;

/// <summary>Rows that are to enter.</summary>
internal sealed record PickedRows(List<IWireRow> New, List<IWireRow> Changed);

/// <summary>
/// Picks of what was read the rows that the ledger lacks, and those that really changed: status, amount, currency or booking date. Everything
/// else is left alone, because v1 tells less of a row than its webhook did.
/// </summary>
internal static class RowPicker
{
    public static async Task<PickedRows> TransactionsAsync(
        NpgsqlConnection connection, ReadTarget target, RestRead<RestTransaction> read, Dictionary<string, int> unusable, CancellationToken cancellation)
    {
        var wire = new List<WireTransaction>();
        foreach (var row in read.Rows)
        {
            try
            {
                wire.Add(row.ToWire(target.Currency ?? target.ListedCurrency, target.PublicId));
            }
            catch (FormatException)
            {
                Count(unusable, row.Currency is null && target.Currency is null && target.ListedCurrency is null ? RowRejection.CurrencyUnknown : RowRejection.AmountInvalid);
            }
        }

        var known = await KnownAsync(connection, target, wire, cancellation);
        var picked = new PickedRows([], []);
        // Read as the ledger will read it, so that what is compared is what would be written.
        var message = RestDelivery.Make("", target.TimeZone, target.Type, wire, [], read.NotOlderThan, read.NotOlderThan);
        foreach (var rejected in ((TransactionsDelivered)message).Rejected)
            Count(unusable, rejected.Reason);
        foreach (var row in ((TransactionsDelivered)message).Rows)
        {
            if (!known.TryGetValue(row.ExternalId, out var was))
                picked.New.Add(wire[row.Index]);
            else if (was.ObservedAt < read.NotOlderThan.AddSeconds(-1) && IsChanged(row, was))
                picked.Changed.Add(wire[row.Index] with { Class = was.Class, Reference = was.Reference, ExtendedDescription = was.ExtendedDescription });
        }

        return picked;
    }

    public static async Task<PickedRows> TradesAsync(NpgsqlConnection connection, ReadTarget target, RestRead<RestTrade> read, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("SELECT external_id FROM ledger.trades WHERE account_id = $1 AND external_id = ANY ($2)").With(target.AccountId).WithEach(read.Rows, row => row.Id, NpgsqlDbType.Text);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var known = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
            known.Add(reader.GetString(0));
        return new PickedRows([.. read.Rows.Where(row => !known.Contains(row.Id)).Select(row => row.ToWire(target.PublicId))], []);
    }

    public static void Count(Dictionary<string, int> unusable, string reason) => unusable[reason] = unusable.GetValueOrDefault(reason) + 1;

    // A posted row does not become pending again: that answer is a stale one.
    private static bool IsChanged(TransactionRow row, Known was)
    {
        if (row.Status == TransactionStatus.Pending && was.IsPosted)
            return false;
        return (row.Status == TransactionStatus.Posted) != was.IsPosted
            || Money.FromMinorUnits(row.MinorUnits, row.Currency!).Amount != was.Amount || row.Currency != was.Currency || row.BookedOn != was.BookedOn;
    }

    private static async Task<Dictionary<string, Known>> KnownAsync(
        NpgsqlConnection connection, ReadTarget target, IReadOnlyList<WireTransaction> rows, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch
            .Add("""
                SELECT external_id, status = 'posted', amount, currency::text, booked_on, observed_at, class, reference, extended_description
                FROM ledger.transactions WHERE account_id = $1 AND external_id = ANY ($2)
                """)
            .With(target.AccountId).WithEach(rows, row => row.Id, NpgsqlDbType.Text);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var known = new Dictionary<string, Known>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
        {
            known[reader.GetString(0)] = new Known(
                reader.GetBoolean(1), reader.GetDecimal(2), reader.GetString(3), reader.GetFieldValue<DateOnly>(4), reader.GetFieldValue<DateTimeOffset>(5),
                reader.Value<string>(6), reader.Value<string>(7), reader.Value<string>(8));
        }

        return known;
    }

    private sealed record Known(
        bool IsPosted, decimal Amount, string Currency, DateOnly BookedOn, DateTimeOffset ObservedAt, string? Class, string? Reference, string? ExtendedDescription);
}
