using Npgsql;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Archive;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Replay;

namespace Redbark.Sync.Worker.Quarantine.Decisions;

/// <summary>
/// What the ledger would hold of a row, had a correction not been made: the greatest of what deliveries say of it. That is a version which
/// the correction took the place of, and is kept, or what came while the correction stood and lost to it; so only the deliveries since then
/// are read again.
/// </summary>
internal sealed class FormerVersions(Replayer replayer)
{
    /// <summary>The most deliveries that are read.</summary>
    public const int Most = 5000;

    // A delivery may have been recorded, by another worker's clock, a little before the decision that it met.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(15);

    public async Task<(Observation<TRow>? Best, QuarantineAnswer? Refused)> FindAsync<TRow>(
        NpgsqlConnection connection, DecidedItem item, RowTable<TRow> table, StandingRow standing, ContentHash hash, CancellationToken cancellation)
    {
        await RemoveDecisionAsync(connection, item, cancellation);
        var former = await FormerAsync(connection, item, table, standing, cancellation);
        var since = await SinceAsync(connection, item, cancellation);
        if (since.Count > Most)
        {
            return (null, new QuarantineAnswer(QuarantineResult.Refused, "too_much_since",
                $"More than {Most} deliveries came since the edit, and each may tell of this row. It stays; what is wrong with it has to be corrected at the bank."));
        }

        Observation<TRow>? best = null;
        var isFormerFound = item.Former is not { } was || former.Exists(version => version.ContentHash == was.Hash);
        foreach (var delivery in former.Select(version => version.DeliveryId).Concat(since).Append(item.DeliveryId).Distinct())
        {
            if (await replayer.ReadAsync(delivery, cancellation) is not { } intake)
            {
                return (null, new QuarantineAnswer(QuarantineResult.Refused, "delivery_gone",
                    $"Delivery {delivery}, which told of this row, is not in the archive any more; what the ledger held before the edit cannot be told."));
            }

            intake = await DecidedRows.ReadAsync(connection, intake, hash, cancellation);
            foreach (var row in Of(intake, table, standing, former, hash))
            {
                isFormerFound |= row.Precedence.ContentHash == item.Former?.Hash;
                if (best is null || row.Precedence > best.Precedence)
                    best = row;
            }
        }

        return isFormerFound
            ? (best, null)
            : (null, new QuarantineAnswer(QuarantineResult.Refused, "revision_gone",
                "The version that the edit took the place of is not kept any more (Retention:Revisions), so the ledger cannot be given it back. It stays; replay the delivery that brought it to have it again."));
    }

    /// <summary>What a delivery says of the row. A version that was repeated by later deliveries counts as of the last.</summary>
    private static IEnumerable<Observation<TRow>> Of<TRow>(Intake intake, RowTable<TRow> table, StandingRow standing, List<Version> former, ContentHash hash)
    {
        var rows = table is RowTable<TransactionRow> transactions
            ? intake.Transactions.Where(row => !IsDropped(intake, row.Index)).Select(row => (Observation)transactions.Observe(row, intake.ObservedAt, intake.Delivery.Id, hash))
            : intake.Trades.Where(row => !IsDropped(intake, row.Index)).Select(row => TradeTable.Instance.Observe(row, intake.ObservedAt, intake.Delivery.Id, hash));
        foreach (var row in rows.Cast<Observation<TRow>>())
        {
            var isIt = row.ExternalId == standing.ExternalId
                && (row.Account.ExternalId is null ? row.Account.PublicId == standing.Account.PublicId : row.Account.ExternalId == standing.Account.ExternalId);
            if (!isIt)
                continue;
            (row.AccountId, row.Currency) = (standing.Account.Id, row.OwnCurrency ?? standing.Account.Currency);
            if (row.Currency is null)
                continue;
            var repeated = former.Where(version => version.ContentHash == row.Precedence.ContentHash).Select(version => version.ObservedAt).DefaultIfEmpty().Max();
            yield return repeated > row.Precedence.ObservedAt ? row.At(repeated) : row;
        }
    }

    private static bool IsDropped(Intake intake, int index) => intake.Decided.TryGetValue(index, out var decision) && decision.IsDrop;

    private static async Task RemoveDecisionAsync(NpgsqlConnection connection, DecidedItem item, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        DecisionStore.AddRemove(batch, item.RowHash);
        await batch.ExecuteAsync(cancellation);
    }

    private static async Task<List<Version>> FormerAsync<TRow>(
        NpgsqlConnection connection, DecidedItem item, RowTable<TRow> table, StandingRow standing, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch
            .Add($"""
                SELECT DISTINCT delivery_id, content_hash, observed_at FROM ledger.{table.Kind}_revisions WHERE {table.Kind}_id = $1 AND content_hash <> $2
                UNION ALL
                SELECT delivery_id, content_hash, CASE WHEN content_hash = $3 THEN $4 ELSE '-infinity' END FROM ledger.{table.Name} WHERE id = $1
                """)
            .With(standing.Id).With(standing.ContentHash).With(item.Former?.Hash).With(item.Former?.ObservedAt);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var versions = new List<Version>();
        while (await reader.ReadAsync(cancellation))
            versions.Add(new Version(reader.GetGuid(0), reader.GetGuid(1), reader.GetFieldValue<DateTimeOffset>(2)));
        return versions;
    }

    /// <summary>The deliveries of whose rows some lost, or said nothing new, since the decision; or that let rows out of quarantine since.</summary>
    private static async Task<List<Guid>> SinceAsync(NpgsqlConnection connection, DecidedItem item, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch
            .Add($"""
                SELECT id FROM ledger.deliveries
                WHERE (recorded_at >= $1 OR replayed_at >= $1) AND status = '{DeliveryStatus.Applied}' AND unchanged + ignored > 0
                UNION
                SELECT delivery_id FROM ledger.quarantine WHERE resolved_at >= $1 AND state = 'applied'
                LIMIT $2
                """)
            .With(item.DecidedAt - Margin).With(Most + 1);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var deliveries = new List<Guid>();
        while (await reader.ReadAsync(cancellation))
            deliveries.Add(reader.GetGuid(0));
        return deliveries;
    }

    private sealed record Version(Guid DeliveryId, Guid ContentHash, DateTimeOffset ObservedAt);
}
