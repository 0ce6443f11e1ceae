using Npgsql;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Reconciliation.Proof;

namespace Redbark.Sync.Worker.Reconciliation.Store;

/// <summary>An account and a provider's view of it, to be proved against each other.</summary>
/// <param name="ProviderAccountId">0 where no provider shows the account.</param>
internal sealed record ProofSubject(
    long AccountId, string? ExternalId, string? PublicId, string? Currency, long ProviderAccountId, bool IsBrokerage, DateTimeOffset? FailingSince,
    string? Error, string? ErrorFault, DateTimeOffset? LastHoldingsAt, TimeZoneInfo TimeZone);

/// <summary>Reads both sides of the proof.</summary>
internal static class ProofReader
{
    // What a reading of years ago says is said by a weekly one as well.
    private const string FiguresSql = """
        SELECT DISTINCT ON (CASE WHEN retrieved_at > $2 THEN retrieved_at WHEN retrieved_at > $3 THEN date_trunc('day', retrieved_at) ELSE date_trunc('week', retrieved_at) END)
            id, current, earliest_at, greatest(earliest_at, coalesce(as_of, retrieved_at)), current_origin, currency
        FROM ledger.balances WHERE provider_account_id = $1 AND current IS NOT NULL
        ORDER BY CASE WHEN retrieved_at > $2 THEN retrieved_at WHEN retrieved_at > $3 THEN date_trunc('day', retrieved_at) ELSE date_trunc('week', retrieved_at) END, retrieved_at DESC
        """;

    // seen_at: when the row was first seen as posted, by any of its versions. held: it was pending before, under this id or another.
    private const string RowsSql = """
        SELECT t.id, t.status = 'posted' AND coalesce(s.kind, '') <> 'hold' AND NOT (s.kind = 'settled' OR s.kind = 'expired') IS TRUE AS counts,
            t.amount, t.booked_on, t.posted_on, t.occurred_at,
            CASE WHEN t.revision = 1 THEN t.recorded_at
                 ELSE least(t.recorded_at, (SELECT min(r.recorded_at) FROM ledger.transaction_revisions r WHERE r.transaction_id = t.id AND r.status = 'posted')) END AS seen_at,
            t.description, t.merchant_name, s.kind, s.since,
            h.row_id IS NOT NULL OR (t.revision > 1 AND EXISTS (SELECT FROM ledger.transaction_revisions r WHERE r.transaction_id = t.id AND r.status = 'pending')) AS held,
            p.booked_on, p.occurred_at
        FROM ledger.transactions t
        LEFT JOIN ledger.settlements s ON s.row_id = t.id
        LEFT JOIN ledger.settlements h ON h.by_id = t.id
        LEFT JOIN ledger.transactions p ON p.id = h.row_id
        WHERE t.account_id = $1 AND t.currency = $2
        """;

    public static async Task<List<ProofSubject>> SubjectsAsync(NpgsqlConnection connection, long accountId, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("""
            SELECT a.id, a.external_id, a.public_id, a.currency::text, coalesce(p.id, 0), coalesce(p.is_brokerage, false), p.failing_since, p.last_error, p.last_error_fault,
                p.last_holdings_at, (SELECT d.time_zone FROM ledger.deliveries d WHERE d.received_at = a.last_delivery_at LIMIT 1)
            FROM ledger.accounts a LEFT JOIN ledger.provider_accounts p ON p.account_id = a.id AND p.gone_at IS NULL
            WHERE a.id = $1 ORDER BY p.id
            """).With(accountId);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var subjects = new List<ProofSubject>();
        while (await reader.ReadAsync(cancellation))
        {
            subjects.Add(new ProofSubject(
                reader.GetInt64(0), reader.Value<string>(1), reader.Value<string>(2), reader.Value<string>(3), reader.GetInt64(4), reader.GetBoolean(5),
                reader.Time(6), reader.Value<string>(7), reader.Value<string>(8), reader.Time(9),
                reader.Value<string>(10) is { } zone ? TimeZoneInfo.FindSystemTimeZoneById(zone) : TimeZoneInfo.Utc));
        }

        return subjects;
    }

    /// <summary>The bank's figures in one currency, and the currencies of others.</summary>
    public static async Task<(List<BankFigure> Figures, List<string> OtherCurrencies)> FiguresAsync(
        NpgsqlConnection connection, ProofSubject subject, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(FiguresSql).With(subject.ProviderAccountId).With(now.AddDays(-45)).With(now.AddDays(-400));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var (figures, others) = (new List<BankFigure>(), new List<string>());
        while (await reader.ReadAsync(cancellation))
        {
            if (reader.GetString(5) is var currency && currency != subject.Currency)
            {
                others.Add(currency);
                continue;
            }

            figures.Add(new BankFigure(
                reader.GetInt64(0), reader.GetDecimal(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetFieldValue<DateTimeOffset>(3),
                reader.GetString(4) == "fallback_from_available" ? FigureBasis.Available : FigureBasis.Booked));
        }

        figures.Sort((left, right) => (left.NotAfter, left.Id).CompareTo((right.NotAfter, right.Id)));
        return (figures, others);
    }

    /// <summary>The ledger's transactions of an account in its currency.</summary>
    public static async Task<Timeline> TransactionsAsync(NpgsqlConnection connection, ProofSubject subject, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(RowsSql).With(subject.AccountId).With(subject.Currency);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var (movements, pending) = (new List<Movement>(), new List<PendingMovement>());
        while (await reader.ReadAsync(cancellation))
        {
            var (id, amount, bookedOn, occurredAt) = (reader.GetInt64(0), reader.GetDecimal(2), reader.GetFieldValue<DateOnly>(3), reader.Time(5));
            var bounds = BookingBounds.Of(bookedOn, reader.Number<DateOnly>(4), occurredAt, reader.GetFieldValue<DateTimeOffset>(6), subject.TimeZone);
            if (!reader.GetBoolean(1))
            {
                // One that was settled counts with the row that settled it, which was held from then on.
                if (reader.Value<string>(9) != "settled")
                    pending.Add(new PendingMovement(id, amount, occurredAt ?? bounds.Earliest, reader.Value<string>(9) == "expired" ? reader.Time(10) : null));
                continue;
            }

            movements.Add(new Movement
            {
                Id = id,
                Amount = amount,
                Earliest = bounds.Earliest,
                Latest = bounds.Latest,
                Likely = bounds.Likely,
                HeldFrom = !reader.GetBoolean(11) ? null
                    : reader.Time(13) ?? (reader.Number<DateOnly>(12) is { } day ? BookingBounds.Start(day, subject.TimeZone) : occurredAt ?? BookingBounds.Start(bookedOn, subject.TimeZone)),
                On = bookedOn,
                Description = reader.Value<string>(7),
                Merchant = reader.Value<string>(8),
            });
        }

        return new Timeline(movements, pending);
    }

    /// <summary>Readings of a brokerage account, by symbol: a symbol that a reading does not name is held no more.</summary>
    public static async Task<Dictionary<string, List<BankFigure>>> HoldingsAsync(NpgsqlConnection connection, ProofSubject subject, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("SELECT retrieved_at, earliest_at, coalesce(symbol, name, ''), quantity FROM ledger.holdings WHERE provider_account_id = $1 AND quantity IS NOT NULL ORDER BY retrieved_at, id")
            .With(subject.ProviderAccountId);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var readings = new SortedDictionary<DateTimeOffset, (DateTimeOffset Earliest, Dictionary<string, decimal> Quantities)>();
        while (await reader.ReadAsync(cancellation))
        {
            var at = reader.GetFieldValue<DateTimeOffset>(0);
            if (!readings.TryGetValue(at, out var reading))
                readings.Add(at, reading = (reader.GetFieldValue<DateTimeOffset>(1), []));
            var symbol = reader.GetString(2);
            reading.Quantities[symbol] = reading.Quantities.GetValueOrDefault(symbol) + reader.GetDecimal(3);
        }

        if (subject.LastHoldingsAt is { } last && !readings.ContainsKey(last))
            readings.Add(last, (last, []));
        return readings.Values.SelectMany(reading => reading.Quantities.Keys).Distinct().ToDictionary(
            symbol => symbol,
            symbol => readings.Select((reading, i) => new BankFigure(i, reading.Value.Quantities.GetValueOrDefault(symbol), reading.Value.Earliest, reading.Key)).ToList());
    }

    /// <summary>The ledger's trades of an account, by symbol.</summary>
    public static async Task<Dictionary<string, Timeline>> TradesAsync(NpgsqlConnection connection, ProofSubject subject, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("""
            SELECT coalesce(symbol, name, ''), id, CASE type WHEN 'buy' THEN abs(quantity) ELSE -abs(quantity) END, traded_on, settled_on,
                least(recorded_at, (SELECT min(r.recorded_at) FROM ledger.trade_revisions r WHERE r.trade_id = t.id)), type, name
            FROM ledger.trades t WHERE account_id = $1 AND type IN ('buy', 'sell') AND quantity IS NOT NULL
            """).With(subject.AccountId);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var movements = new List<(string Symbol, Movement Movement)>();
        while (await reader.ReadAsync(cancellation))
        {
            var (tradedOn, settledOn) = (reader.GetFieldValue<DateOnly>(3), reader.Number<DateOnly>(4));
            // Some brokers hold a trade from its day on, some from its settlement.
            var traded = BookingBounds.Of(tradedOn, null, null, reader.GetFieldValue<DateTimeOffset>(5), subject.TimeZone);
            var settled = BookingBounds.Start((settledOn ?? tradedOn).AddDays(2), subject.TimeZone);
            movements.Add((reader.GetString(0), new Movement
            {
                Id = reader.GetInt64(1),
                Amount = reader.GetDecimal(2),
                Earliest = traded.Earliest,
                Latest = settled > traded.Earliest ? settled : traded.Earliest,
                Likely = traded.Likely,
                On = tradedOn,
                Description = $"{reader.GetString(6)} {reader.Value<string>(7)}",
            }));
        }

        return movements.GroupBy(trade => trade.Symbol).ToDictionary(group => group.Key, group => new Timeline([.. group.Select(trade => trade.Movement)], []));
    }
}
