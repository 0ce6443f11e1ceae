using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Accounts;
using Redbark.Sync.Worker.Api.Paging;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Quarantine;
using Redbark.Sync.Worker.Quarantine.Decisions;
using Redbark.Sync.Worker.Replay;

namespace Redbark.Sync.Worker.Api.Deliveries;

/// <summary>
/// Says what each row of a delivery became. Nothing is kept of that but the counts: the body is read again, as it would be for a replay, and each row is looked up
/// by what it says.
/// </summary>
internal sealed class DeliveryRows(NpgsqlDataSource database, LedgerDbContext ledger)
{
    private readonly ContentHash _hash = new();

    /// <returns>Null when the archive has no such delivery; no rows where its body is gone or has none.</returns>
    public async Task<Page<DeliveryRowResponse>?> ReadAsync(Guid id, int most, int after, CancellationToken cancellation)
    {
        if (await ledger.Deliveries.WithId(id).SingleOrDefaultAsync(cancellation) is not { } archived)
            return null;
        if (await ArchivedMessage.ReadAsync(ledger, archived, cancellation) is not { } message || message is UnreadableDelivered or UnrecognisedDelivered)
            return new Page<DeliveryRowResponse>([], Next: null);

        // By what people decided too: a corrected row became what its correction says.
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var intake = await DecidedRows.ReadAsync(connection, Intake.Of(message) with { Mode = IntakeMode.Replay }, _hash, cancellation);
        var isParked = archived.Status == DeliveryStatus.Parked;
        var rows = await PlaceAsync(
            archived, TransactionTable.Instance, [.. intake.Transactions.Select(row => TransactionTable.Instance.Observe(row, intake.ObservedAt, id, _hash))],
            intake.Rejected, most, after, isParked, cancellation);
        if (intake.Kind == TradeTable.Instance.Kind)
        {
            rows = await PlaceAsync(
                archived, TradeTable.Instance, [.. intake.Trades.Select(row => TradeTable.Instance.Observe(row, intake.ObservedAt, id, _hash))],
                intake.Rejected, most, after, isParked, cancellation);
        }

        return Page.Of(rows, most, row => row, row => new IdCursor(row.Index));
    }

    private async Task<List<DeliveryRowResponse>> PlaceAsync<TRow>(
        ArchivedDelivery archived, RowTable<TRow> table, List<Observation<TRow>> usable, IReadOnlyList<RejectedRow> rejected, int most, int after, bool isParked,
        CancellationToken cancellation)
    {
        var bad = rejected.Select(row => BadRow.From(row, table.Kind, archived.Feed, _hash)).ToList();
        var shown = usable.Select(row => row.Index).Concat(bad.Select(row => row.Index)).Where(index => index > after).Order().Take(most + 1).ToHashSet();
        var winners = usable.GroupBy(row => (row.Account.ExternalId, row.Account.PublicId, row.ExternalId)).ToDictionary(group => group.Key, group => group.MaxBy(row => row.Precedence)!);
        usable.RemoveAll(row => !shown.Contains(row.Index));
        bad.RemoveAll(row => !shown.Contains(row.Index));

        var accounts = await AccountsAsync(usable, cancellation);
        var entries = await EntriesAsync(table, usable, accounts, cancellation);
        var hashes = bad.ConvertAll(row => row.RowHash);
        var items = await ledger.Quarantine.Where(item => item.DeliveryId == archived.Id || hashes.Contains(item.RowHash)).OrderBy(item => item.Id).ToListAsync(cancellation);

        var rows = new List<DeliveryRowResponse>();
        foreach (var row in usable)
        {
            var account = accounts.Find(account => account.ExternalId == row.Account.ExternalId && row.Account.ExternalId is not null)
                ?? accounts.Find(account => account.PublicId == row.Account.PublicId && row.Account.PublicId is not null);
            var item = items.FindLast(item => item.DeliveryId == archived.Id && item.RowIndex == row.Index);
            var winner = winners[(row.Account.ExternalId, row.Account.PublicId, row.ExternalId)];
            rows.Add(Content(Of(archived, row, item, winner, account is null ? null : entries.GetValueOrDefault((account.Id, row.ExternalId)), isParked) with
            {
                Kind = table.Kind,
                AccountId = account?.Id,
                AccountName = account?.Name ?? row.Account.Name,
            }, row.Row, row.OwnCurrency ?? account?.Currency?.Trim()));
        }

        foreach (var row in bad)
        {
            var own = items.FindLast(item => item.DeliveryId == archived.Id && item.RowIndex == row.Index);
            var item = own ?? items.FindLast(item => item.RowHash == row.RowHash);
            rows.Add(Empty(row.Index, row.Origin) with
            {
                Kind = table.Kind,
                ExternalId = row.ExternalId,
                Fate = isParked ? RowFates.Waiting : own is { State: "open" } ? RowFates.Quarantined : RowFates.Ignored,
                Reason = own is { State: "open" } || isParked ? row.Reason : own is null ? IgnoredReason.AlreadyQuarantined : IgnoredReason.Dropped,
                Detail = row.Detail,
                QuarantineId = item?.Id,
            });
        }

        rows.Sort((left, right) => left.Index.CompareTo(right.Index));
        return rows;
    }

    private static DeliveryRowResponse Of(
        ArchivedDelivery archived, Observation row, QuarantinedRow? item, Observation winner, Entry? entry, bool isParked)
    {
        var answer = Empty(row.Index, row.Origin) with { ExternalId = row.ExternalId, EntryId = entry?.Id, QuarantineId = item?.Id };
        if (isParked)
            return answer with { Fate = RowFates.Waiting };
        if (item is { State: "open" })
            return answer with { Fate = RowFates.Quarantined, Reason = item.Reason, Detail = item.Detail };
        if (item is { State: "dropped" })
            return answer with { Fate = RowFates.Ignored, Reason = IgnoredReason.Dropped, Detail = item.Note };
        if (winner.Precedence.ContentHash != row.Precedence.ContentHash)
            return answer with { Fate = RowFates.Ignored, Reason = IgnoredReason.Superseded };
        if (entry is null)
            return answer with { Fate = RowFates.Absent };
        // The version that this delivery made, or else the newest that says the same.
        return (entry.Versions.Find(version => version.Hash == row.Precedence.ContentHash && version.DeliveryId == archived.Id)
                ?? entry.Versions.Find(version => version.Hash == row.Precedence.ContentHash)) is { } version
            ? answer with
            {
                Fate = version.DeliveryId == archived.Id && winner.Index == row.Index ? RowFates.Applied : RowFates.Unchanged,
                Revision = version.Revision,
                SaidBy = version.DeliveryId == archived.Id ? null : version.DeliveryId,
            }
            : answer with { Fate = RowFates.Ignored, Reason = IgnoredReason.Stale };
    }

    private static DeliveryRowResponse Content<TRow>(DeliveryRowResponse answer, TRow row, string? currency) => row switch
    {
        TransactionRow transaction => answer with
        {
            Day = transaction.BookedOn,
            Description = transaction.Description ?? transaction.MerchantName,
            Amount = currency is null ? null : DecimalText.Of(Money.FromMinorUnits(transaction.MinorUnits, currency).Amount),
            Currency = currency,
        },
        TradeRow trade => answer with
        {
            Day = trade.TradedOn,
            Description = string.Join(' ', new[] { trade.Type, DecimalText.Of(trade.Quantity), trade.Symbol ?? trade.Name }.Where(part => part is not null)),
            Amount = DecimalText.Of(trade.TotalAmount),
            Currency = currency,
        },
        _ => answer,
    };

    private static DeliveryRowResponse Empty(int index, RowOrigin origin) => new(
        index, origin == RowOrigin.New ? "new" : "updated", "", null, RowFates.Absent, null, null, null, null, null, null, null, null, null, null, null, null);

    private Task<List<Account>> AccountsAsync<TRow>(List<Observation<TRow>> rows, CancellationToken cancellation)
    {
        var externalIds = rows.Select(row => row.Account.ExternalId).Where(id => id is not null).Distinct().ToList();
        var publicIds = rows.Select(row => row.Account.PublicId).Where(id => id is not null).Distinct().ToList();
        return ledger.Accounts
            .Where(account => account.Provider == AccountStore.Provider && (externalIds.Contains(account.ExternalId) || publicIds.Contains(account.PublicId)))
            .ToListAsync(cancellation);
    }

    private async Task<Dictionary<(long Account, string ExternalId), Entry>> EntriesAsync<TRow>(
        RowTable<TRow> table, List<Observation<TRow>> rows, List<Account> accounts, CancellationToken cancellation)
    {
        var entries = new Dictionary<(long, string), Entry>();
        if (rows.Count == 0 || accounts.Count == 0)
            return entries;

        await using var batch = database.CreateBatch();
        batch
            .Add($"""
                SELECT t.id, t.account_id, t.external_id, v.revision, v.content_hash, v.delivery_id
                FROM ledger.{table.Name} t LEFT JOIN ledger.{table.Kind}_versions v ON v.{table.Kind}_id = t.id AND v.content_hash = ANY ($3)
                WHERE t.account_id = ANY ($1) AND t.external_id = ANY ($2) ORDER BY t.id, v.revision DESC
                """)
            .WithEach(accounts, account => account.Id, NpgsqlDbType.Bigint)
            .WithEach([.. rows.Select(row => row.ExternalId).Distinct()], id => id, NpgsqlDbType.Text)
            .WithEach(rows, row => row.Precedence.ContentHash, NpgsqlDbType.Uuid);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var key = (reader.GetInt64(1), reader.GetString(2));
            if (!entries.TryGetValue(key, out var entry))
                entries.Add(key, entry = new Entry(reader.GetInt64(0), []));
            if (!reader.IsDBNull(3))
                entry.Versions.Add(new EntryVersion(reader.GetInt32(3), reader.GetGuid(4), reader.GetGuid(5)));
        }

        return entries;
    }

    private sealed record Entry(long Id, List<EntryVersion> Versions);

    private sealed record EntryVersion(int Revision, Guid Hash, Guid DeliveryId);
}

/// <summary>What a row became.</summary>
internal static class RowFates
{
    public const string Applied = "applied";
    public const string Unchanged = "unchanged";
    public const string Quarantined = "quarantined";
    public const string Ignored = "ignored";

    /// <summary>Its delivery is parked.</summary>
    public const string Waiting = "waiting";

    /// <summary>The ledger has no such row: somebody removed it, or the body reads otherwise by now.</summary>
    public const string Absent = "absent";
}
