using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Accounts.Keeping;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Outbox;

namespace Redbark.Sync.Worker.Settlement;

/// <summary>Keeps the settlements of an account what its rows and people's decisions make of them; later rows may undo what earlier ones seemed to say.</summary>
internal sealed class SettlementService(NpgsqlDataSource database, IOptions<SettlementOptions> options, OutboxSignal outbox, TimeProvider clock) : IAccountKeeper
{
    private readonly SettlementMatcher _matcher = new(options.Value);

    public Task KeepAsync(long accountId, CancellationToken cancellation) => SettleAsync(accountId, cancellation);

    /// <summary>Brings the settlements of one account up to date.</summary>
    public async Task<SettlementChange> SettleAsync(long accountId, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await SettlementStore.LockAsync(connection, accountId, cancellation) is not { } account)
            return SettlementChange.None;
        var change = await SettleAsync(connection, account, cancellation);
        await transaction.CommitAsync(cancellation);
        Announce(change);
        return change;
    }

    /// <summary>The same within a transaction that holds the account (<see cref="SettlementStore.LockAsync"/>); its owner calls <see cref="Announce"/> after the commit.</summary>
    public async Task<SettlementChange> SettleAsync(NpgsqlConnection connection, AccountNames account, CancellationToken cancellation)
    {
        var now = Now();
        var decisions = await SettlementStore.DecisionsAsync(connection, account, cancellation);
        var outcome = await MatchAsync(connection, account, decisions, now, cancellation);

        var held = await SettlementStore.HeldAsync(connection, account.Id, cancellation);
        var wanted = Wanted(outcome, held, now);
        var gone = held.Values.Where(row => !wanted.TryGetValue(row.RowId, out var same) || same != row).Select(row => row.RowId).ToList();
        var come = wanted.Values.Where(row => !held.TryGetValue(row.RowId, out var same) || same != row).OrderBy(row => row.RowId).ToList();
        var linked = come.FindAll(row => row.ById is { } by && held.GetValueOrDefault(row.RowId)?.ById != by);

        await using var batch = new NpgsqlBatch(connection);
        SettlementStore.AddDifference(batch, account.Id, gone, come);
        SettlementStore.AddSuggestions(batch, account.Id, outcome.Suggestions, now);
        foreach (var happened in await EventsAsync(connection, linked, now, cancellation))
            Announcements.Add(batch, happened, now);
        await batch.ExecuteAsync(cancellation);
        return new SettlementChange(linked.Count, gone.Count(id => held[id].ById is not null && wanted.GetValueOrDefault(id)?.ById != held[id].ById),
            come.Count(row => row.Kind == SettledRow.Expired), gone.Count > 0 || come.Count > 0);
    }

    public void Announce(SettlementChange change)
    {
        if (change.Linked > 0)
            outbox.Wake();
    }

    private async Task<SettlementOutcome> MatchAsync(
        NpgsqlConnection connection, AccountNames account, SettlementDecisions decisions, DateTimeOffset now, CancellationToken cancellation)
    {
        var holds = HoldRecogniser.For(options.Value, account.ExternalId, account.PublicId);
        var rows = await SettlementStore.PairableAsync(connection, account, options.Value, holds, decisions, cancellation);
        var outcome = _matcher.Match(rows, holds, decisions, now);

        // What is left over is usually little: only for that are rows of other amounts looked at, which can add suggestions and nothing else.
        var settled = outcome.Links.Select(link => link.RowId).ToHashSet();
        var left = rows.Where(row => !settled.Contains(row.Id) && (!row.IsPosted || holds.IsHold(row.Description))).Select(row => row.Id).ToList();
        if (left.Count == 0)
            return outcome;
        var known = rows.Select(row => row.Id).ToHashSet();
        var near = (await SettlementStore.NearAsync(connection, account, options.Value, left, cancellation)).FindAll(row => !known.Contains(row.Id));
        return near.Count == 0 ? outcome : _matcher.Match(rows.Concat(near), holds, decisions, now);
    }

    private static Dictionary<long, SettledRow> Wanted(SettlementOutcome outcome, Dictionary<long, SettledRow> held, DateTimeOffset now)
    {
        var wanted = new Dictionary<long, SettledRow>();
        foreach (var link in outcome.Links)
        {
            Add(new SettledRow(link.RowId, link.ById, SettledRow.Settled, TierName(link.Tier), link.Reason,
                link.Tier == SettlementTier.Accepted ? SettledRow.Person : SettledRow.Automatic, now));
        }

        foreach (var id in outcome.Holds)
            Add(new SettledRow(id, null, SettledRow.Hold, null, null, SettledRow.Automatic, now));
        foreach (var id in outcome.Expired)
            Add(new SettledRow(id, null, SettledRow.Expired, null, null, SettledRow.Automatic, now));
        return wanted;

        void Add(SettledRow row)
        {
            if (held.TryGetValue(row.RowId, out var before) && before.Kind == row.Kind && before.ById == row.ById)
                row = row with { Since = before.Since };
            wanted.Add(row.RowId, row);
        }
    }

    private static string TierName(SettlementTier tier) => tier switch
    {
        SettlementTier.Accepted => "accepted",
        SettlementTier.Instant => "instant",
        SettlementTier.Reference => "reference",
        SettlementTier.Text => "text",
        _ => "payee",
    };

    private static async Task<List<TransactionSettled>> EventsAsync(
        NpgsqlConnection connection, List<SettledRow> linked, DateTimeOffset now, CancellationToken cancellation)
    {
        var events = new List<TransactionSettled>(linked.Count);
        if (linked.Count == 0)
            return events;
        await using var batch = new NpgsqlBatch(connection);
        batch
            .Add("""
                SELECT id, revision, account_id, external_id, status, amount, currency, booked_on, occurred_at, description, merchant_name, category,
                    merchant_category_code, reference, delivery_id, r.pending_id
                FROM unnest($1, $2) WITH ORDINALITY AS r (by_id, pending_id, n) JOIN ledger.transactions ON id = r.by_id ORDER BY r.n
                """)
            .WithEach(linked, row => row.ById!.Value, NpgsqlDbType.Bigint).WithEach(linked, row => row.RowId, NpgsqlDbType.Bigint);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            events.Add(new TransactionSettled(Guid.CreateVersion7(now), now, reader.GetGuid(14), OutboxEvents.ReadTransaction(reader), reader.GetInt64(15)));
        return events;
    }

    /// <summary>The database keeps microseconds.</summary>
    private DateTimeOffset Now()
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}

/// <summary>What bringing an account up to date changed.</summary>
/// <param name="Linked">New links.</param>
/// <param name="Unlinked">Links that are no more.</param>
/// <param name="Expired">Rows given up.</param>
/// <param name="Any">Anything but suggestions.</param>
internal sealed record SettlementChange(int Linked, int Unlinked, int Expired, bool Any)
{
    public static SettlementChange None { get; } = new(0, 0, 0, false);
}
