using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Settlement;

/// <summary>The SQL of <c>settlements</c>, <c>settlement_suggestions</c> and <c>settlement_decisions</c>.</summary>
internal static class SettlementStore
{
    private const string Columns = """
        t.id, t.external_id, t.status = 'posted', t.amount, t.currency, t.booked_on, t.posted_on, t.occurred_at, t.description, t.merchant_name, t.reference,
        t.status = 'posted' AND EXISTS (SELECT FROM ledger.once_pending o WHERE o.account_id = t.account_id AND o.external_id = t.external_id)
        """;

    /// <summary>The account's names, and the account itself kept from being merged until the end of the transaction; null when it is gone.</summary>
    public static async Task<AccountNames?> LockAsync(NpgsqlConnection connection, long accountId, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("SELECT pg_advisory_xact_lock(hashtextextended('ledger.settlements', $1))").With(accountId);
        batch.Add("SELECT provider, external_id, public_id FROM ledger.accounts WHERE id = $1 FOR KEY SHARE").With(accountId);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? new AccountNames(accountId, reader.GetString(0), reader.Value<string>(1), reader.Value<string>(2)) : null;
    }

    public static async Task<SettlementDecisions> DecisionsAsync(NpgsqlConnection connection, AccountNames account, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch
            .Add($"SELECT pending_external_id, posted_external_id, decision FROM ledger.settlement_decisions WHERE {AccountNames.OfDecision} ORDER BY decided_at DESC, pending_external_id, posted_external_id")
            .With(account.Provider).With(account.ExternalId).With(account.PublicId);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var (accepted, rejected) = (new List<RowPair>(), new HashSet<RowPair>());
        var seen = new HashSet<RowPair>();
        while (await reader.ReadAsync(cancellation))
        {
            var pair = new RowPair(reader.GetString(0), reader.GetString(1));
            // Two accounts that became one may each bring a decision: the newer one counts.
            if (!seen.Add(pair))
                continue;
            if (reader.GetString(2) == "accepted")
                accepted.Add(pair);
            else
                rejected.Add(pair);
        }

        return new SettlementDecisions(accepted, rejected);
    }

    /// <summary>All rows that can be in a pair by their amount or by a decision: the open ones, and the posted ones of the same money within the window.</summary>
    public static async Task<List<SettlementRow>> PairableAsync(
        NpgsqlConnection connection, AccountNames account, SettlementOptions options, HoldRecogniser holds, SettlementDecisions decisions, CancellationToken cancellation)
    {
        var descriptions = holds.IsUsual ? [] : await HoldDescriptionsAsync(connection, account, holds, cancellation);
        var named = decisions.Accepted.SelectMany(pair => new[] { pair.Pending, pair.Posted }).Distinct().ToList();
        await using var batch = new NpgsqlBatch(connection);
        batch
            .Add($"""
                WITH open AS MATERIALIZED (
                    SELECT id, currency, amount, booked_on FROM ledger.transactions WHERE account_id = $1 AND status = 'pending'
                    UNION ALL
                    SELECT id, currency, amount, booked_on FROM ledger.transactions WHERE account_id = $1 AND status = 'posted'
                        AND {(holds.IsUsual ? $"$5::text[] IS NOT NULL AND lower(btrim(description)) = '{HoldRecogniser.UsualDescription}'" : "description = ANY ($5)")}
                ), wanted AS (
                    SELECT id FROM open
                    UNION
                    SELECT id FROM ledger.transactions q WHERE account_id = $1 AND status = 'posted' AND EXISTS (SELECT FROM open o
                        WHERE o.currency = q.currency AND o.amount = q.amount AND q.booked_on >= o.booked_on - $2 AND q.booked_on <= o.booked_on + $3)
                    UNION
                    SELECT id FROM ledger.transactions WHERE account_id = $1 AND external_id = ANY ($4)
                )
                SELECT {Columns} FROM wanted JOIN ledger.transactions t ON t.id = wanted.id
                """)
            .With(account.Id).With(options.DaysBefore).With(options.DaysAfter)
            .WithEach(named, id => id, NpgsqlDbType.Text).WithEach(descriptions, text => text, NpgsqlDbType.Text);
        return await ReadAsync(batch, cancellation);
    }

    /// <summary>Posted rows of about the amount of some open ones, within the window: what may be suggested.</summary>
    public static async Task<List<SettlementRow>> NearAsync(
        NpgsqlConnection connection, AccountNames account, SettlementOptions options, IReadOnlyList<long> open, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch
            .Add($"""
                WITH open AS MATERIALIZED (SELECT id, currency, amount, booked_on FROM ledger.transactions WHERE id = ANY ($4)),
                wanted AS (
                    SELECT DISTINCT q.id FROM open o JOIN ledger.transactions q ON q.account_id = $1 AND q.status = 'posted' AND q.currency = o.currency
                        AND q.booked_on >= o.booked_on - $2 AND q.booked_on <= o.booked_on + $3
                        AND abs(q.amount - o.amount) <= greatest(abs(o.amount) * $5, 1)
                )
                SELECT {Columns} FROM wanted JOIN ledger.transactions t ON t.id = wanted.id
                """)
            .With(account.Id).With(options.DaysBefore).With(options.DaysAfter).WithEach(open, id => id, NpgsqlDbType.Bigint)
            .With(SuggestionFinder.Tolerance, NpgsqlDbType.Numeric);
        return await ReadAsync(batch, cancellation);
    }

    public static async Task<Dictionary<long, SettledRow>> HeldAsync(NpgsqlConnection connection, long accountId, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("SELECT row_id, by_id, kind, tier, reason, decided_by, since FROM ledger.settlements WHERE account_id = $1").With(accountId);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var held = new Dictionary<long, SettledRow>();
        while (await reader.ReadAsync(cancellation))
        {
            held.Add(reader.GetInt64(0), new SettledRow(
                reader.GetInt64(0), reader.Number<long>(1), reader.GetString(2), reader.Value<string>(3), reader.Value<string>(4), reader.GetString(5),
                reader.GetFieldValue<DateTimeOffset>(6)));
        }

        return held;
    }

    /// <summary>Adds the statements that write a difference. What goes, goes first: a posted row may settle another row than before.</summary>
    public static void AddDifference(NpgsqlBatch batch, long accountId, IReadOnlyCollection<long> gone, IReadOnlyList<SettledRow> come)
    {
        if (gone.Count > 0 && come.Count > 0)
        {
            // All rows at once, in the order of deliveries: each statement's trigger locks its own, and together they would be out of order.
            batch.Add("SELECT FROM ledger.transactions WHERE id = ANY ($1) ORDER BY account_id, external_id FOR SHARE")
                .WithEach([.. gone.Concat(come.Select(row => row.RowId))], id => id, NpgsqlDbType.Bigint);
        }

        if (gone.Count > 0)
            batch.Add("DELETE FROM ledger.settlements WHERE row_id = ANY ($1)").WithEach([.. gone], id => id, NpgsqlDbType.Bigint);
        if (come.Count == 0)
            return;
        batch
            .Add("""
                INSERT INTO ledger.settlements (account_id, row_id, by_id, kind, tier, reason, decided_by, since)
                SELECT $1, * FROM unnest($2, $3, $4, $5, $6, $7, $8)
                """)
            .With(accountId)
            .WithEach(come, row => row.RowId, NpgsqlDbType.Bigint).WithEach(come, row => row.ById, NpgsqlDbType.Bigint)
            .WithEach(come, row => row.Kind, NpgsqlDbType.Text).WithEach(come, row => row.Tier, NpgsqlDbType.Text).WithEach(come, row => row.Reason, NpgsqlDbType.Text)
            .WithEach(come, row => row.DecidedBy, NpgsqlDbType.Text).WithEach(come, row => row.Since.UtcDateTime, NpgsqlDbType.TimestampTz);
    }

    /// <summary>Adds the statements after which exactly these suggestions stand; one that stood keeps its id.</summary>
    public static void AddSuggestions(NpgsqlBatch batch, long accountId, IReadOnlyList<SettlementSuggestion> suggestions, DateTimeOffset now)
    {
        batch
            .Add("""
                DELETE FROM ledger.settlement_suggestions WHERE account_id = $1
                    AND NOT EXISTS (SELECT FROM unnest($2, $3) AS r (row_id, by_id) WHERE r.row_id = settlement_suggestions.row_id AND r.by_id = settlement_suggestions.by_id)
                """)
            .With(accountId).WithEach(suggestions, pair => pair.RowId, NpgsqlDbType.Bigint).WithEach(suggestions, pair => pair.ById, NpgsqlDbType.Bigint);
        if (suggestions.Count == 0)
            return;
        batch
            .Add("""
                INSERT INTO ledger.settlement_suggestions AS s (account_id, since, row_id, by_id, kind, reason, score)
                SELECT $1, $2, * FROM unnest($3, $4, $5, $6, $7)
                ON CONFLICT (row_id, by_id) DO UPDATE SET account_id = excluded.account_id, kind = excluded.kind, reason = excluded.reason, score = excluded.score
                WHERE (s.account_id, s.kind, s.reason, s.score) IS DISTINCT FROM (excluded.account_id, excluded.kind, excluded.reason, excluded.score)
                """)
            .With(accountId).With(now)
            .WithEach(suggestions, pair => pair.RowId, NpgsqlDbType.Bigint).WithEach(suggestions, pair => pair.ById, NpgsqlDbType.Bigint)
            .WithEach(suggestions, pair => pair.Kind, NpgsqlDbType.Text).WithEach(suggestions, pair => pair.Reason, NpgsqlDbType.Text)
            .WithEach(suggestions, pair => pair.Score, NpgsqlDbType.Integer);
    }

    /// <summary>Adds what a merge of accounts needs once the rows have moved and the merged account is gone: what named a row that went too is found out anew.</summary>
    public static void AddMove(NpgsqlBatch batch, long kept, long merged)
    {
        foreach (var table in (ReadOnlySpan<string>)["settlements", "settlement_suggestions"])
        {
            batch
                .Add($"""
                    DELETE FROM ledger.{table} s WHERE account_id = $1 AND (NOT EXISTS (SELECT FROM ledger.transactions t WHERE t.id = s.row_id)
                        OR by_id IS NOT NULL AND NOT EXISTS (SELECT FROM ledger.transactions t WHERE t.id = s.by_id))
                    """)
                .With(merged);
            batch.Add($"UPDATE ledger.{table} SET account_id = $1 WHERE account_id = $2").With(kept).With(merged);
        }
    }

    private static async Task<List<string>> HoldDescriptionsAsync(NpgsqlConnection connection, AccountNames account, HoldRecogniser holds, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("SELECT DISTINCT description FROM ledger.transactions WHERE account_id = $1 AND status = 'posted' AND description IS NOT NULL").With(account.Id);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var descriptions = new List<string>();
        while (await reader.ReadAsync(cancellation))
        {
            if (reader.GetString(0) is var description && holds.IsHold(description))
                descriptions.Add(description);
        }

        return descriptions;
    }

    private static async Task<List<SettlementRow>> ReadAsync(NpgsqlBatch batch, CancellationToken cancellation)
    {
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var rows = new List<SettlementRow>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(new SettlementRow
            {
                Id = reader.GetInt64(0),
                ExternalId = reader.GetString(1),
                IsPosted = reader.GetBoolean(2),
                Amount = reader.GetDecimal(3),
                Currency = reader.GetString(4),
                BookedOn = reader.GetFieldValue<DateOnly>(5),
                PostedOn = reader.Number<DateOnly>(6),
                OccurredAt = reader.Time(7),
                Description = reader.Value<string>(8),
                MerchantName = reader.Value<string>(9),
                Reference = reader.Value<string>(10),
                WasPending = reader.GetBoolean(11),
            });
        }

        return rows;
    }
}

/// <summary>What stands in <c>settlements</c> about one row.</summary>
internal sealed record SettledRow(long RowId, long? ById, string Kind, string? Tier, string? Reason, string DecidedBy, DateTimeOffset Since)
{
    public const string Settled = "settled";
    public const string Hold = "hold";
    public const string Expired = "expired";
    public const string Automatic = "automatic";
    public const string Person = "person";
}

/// <summary>An account by its names.</summary>
internal sealed record AccountNames(long Id, string Provider, string? ExternalId, string? PublicId)
{
    /// <summary>In SQL, which decisions are this account's ($1 to $3: provider and names). The external id decides where both sides know one.</summary>
    public const string OfDecision =
        "provider = $1 AND (account_external_id = $2 OR (account_public_id = $3 AND (account_external_id IS NULL OR $2::text IS NULL)))";
}
