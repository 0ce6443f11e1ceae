using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Export;

/// <summary>Reads one state of the ledger: everything within one transaction.</summary>
internal sealed class ExportReader(NpgsqlConnection connection, ExportRequest request)
{
    // As long as it takes: the rows leave while they are read.
    private const int NoTimeout = 0;

    // The order is by names that a rebuild of the ledger brings back, and its own ids are not.
    private const string LinesSql = """
        SELECT * FROM (
            SELECT 0 AS kind, e.booked_on AS day, coalesce(a.external_id, a.public_id) COLLATE "C" AS key, e.external_id, e.account_id, e.currency::text AS currency, e.description,
                e.delivery_id, e.id, e.counts_as_posted, e.amount, e.merchant_name, coalesce(nullif(btrim(e.custom_category), ''), nullif(btrim(e.category), '')) AS category,
                e.reference, e.occurred_at, NULL::text AS type, NULL::text AS security, NULL::text AS name, NULL::numeric AS quantity, NULL::numeric AS price, NULL::numeric AS total,
                NULL::numeric AS fees, NULL::date AS settled_on
            FROM ledger.entries e JOIN ledger.accounts a ON a.id = e.account_id
            WHERE (e.counts_as_posted OR $4 AND e.effective_status IN ('pending', 'hold')) AND e.booked_on BETWEEN $1 AND $2
                AND ($3::bigint IS NULL OR e.account_id = $3 OR e.id = ANY($5))
            UNION ALL
            SELECT 1, t.traded_on, coalesce(a.external_id, a.public_id) COLLATE "C", t.external_id, t.account_id, t.currency::text, t.description, t.delivery_id, t.id, true, 0, NULL, NULL, NULL, NULL,
                t.type, coalesce(t.symbol, t.name, ''), t.name, t.quantity, t.price, t.total_amount, t.fees, t.settled_on
            FROM ledger.trades t JOIN ledger.accounts a ON a.id = t.account_id
            WHERE t.traded_on BETWEEN $1 AND $2 AND ($3::bigint IS NULL OR t.account_id = $3)
        ) lines ORDER BY day, kind, key, external_id
        """;

    public Task<List<ExportedAccount>> AccountsAsync(CancellationToken cancellation) => ReadAsync(
        """
        SELECT a.id, a.external_id, a.public_id, a.name, a.currency::text,
            (SELECT p.type FROM ledger.provider_accounts p WHERE p.account_id = a.id AND p.type IS NOT NULL ORDER BY p.provider, p.connection_id, p.external_id LIMIT 1),
            (SELECT d.time_zone FROM ledger.deliveries d WHERE d.received_at = a.last_delivery_at LIMIT 1), EXISTS (SELECT FROM ledger.transactions t WHERE t.account_id = a.id)
        FROM ledger.accounts a ORDER BY coalesce(a.external_id, a.public_id) COLLATE "C", a.id
        """,
        row => new ExportedAccount(
            row.GetInt64(0), row.Value<string>(1) ?? row.GetString(2), row.Value<string>(1), row.Value<string>(2), row.Value<string>(3), row.Value<string>(4), row.Value<string>(5),
            row.Value<string>(6) is { } zone ? TimeZoneInfo.FindSystemTimeZoneById(zone) : TimeZoneInfo.Utc, row.GetBoolean(7)),
        [], cancellation);

    /// <summary>Categories, and whether money went out under them; with null for rows that have none.</summary>
    public Task<List<(string? Category, bool IsOut)>> CategoriesAsync(CancellationToken cancellation) => ReadAsync(
        "SELECT DISTINCT coalesce(nullif(btrim(custom_category), ''), nullif(btrim(category), '')) COLLATE \"C\" AS category, amount < 0 FROM ledger.transactions ORDER BY 1, 2",
        row => (row.Value<string>(0), row.GetBoolean(1)), [], cancellation);

    public Task<List<string>> CurrenciesAsync(CancellationToken cancellation) => ReadAsync(
        "SELECT currency::text FROM ledger.transactions UNION SELECT currency::text FROM ledger.trades UNION SELECT currency::text FROM ledger.accounts WHERE currency IS NOT NULL ORDER BY 1",
        row => row.GetString(0), [], cancellation);

    /// <summary>Securities, and the decimals of their quantities.</summary>
    public Task<List<(string Security, int Decimals)>> SecuritiesAsync(CancellationToken cancellation) => ReadAsync(
        """
        SELECT security COLLATE "C", coalesce(max(scale(trim_scale(quantity))), 0) FROM (
            SELECT coalesce(symbol, name, '') AS security, quantity FROM ledger.trades
            UNION ALL
            SELECT subject, opening FROM ledger.reconciliations r JOIN ledger.provider_accounts p ON p.id = r.provider_account_id AND p.is_brokerage
        ) held GROUP BY 1 ORDER BY 1
        """,
        row => (row.GetString(0), row.GetInt32(1)), [], cancellation);

    /// <summary>The first day on which something is booked.</summary>
    public async Task<DateOnly?> FirstDayAsync(CancellationToken cancellation) => (await ReadAsync(
        "SELECT least((SELECT min(booked_on) FROM ledger.transactions), (SELECT min(traded_on) FROM ledger.trades))", row => row.Number<DateOnly>(0), [], cancellation)).Single();

    /// <summary>
    /// Rows of two own accounts that are one transfer: booked on the same day, opposite, exact, in one currency, and of their amount
    /// and day the only two. One day, because an entry has one: with two, neither account's balance in between would be right.
    /// </summary>
    public async Task<Dictionary<long, long>> TransfersAsync(CancellationToken cancellation)
    {
        var pairs = await ReadAsync(
            """
            SELECT min(id) FILTER (WHERE amount < 0), min(id) FILTER (WHERE amount > 0)
            FROM ledger.entries WHERE counts_as_posted AND amount <> 0 AND booked_on BETWEEN $1 AND $2
            GROUP BY booked_on, currency, abs(amount)
            HAVING count(*) = 2 AND count(*) FILTER (WHERE amount < 0) = 1 AND min(account_id) <> max(account_id)
                AND ($3::bigint IS NULL OR min(account_id) = $3 OR max(account_id) = $3)
            """,
            row => (Out: row.GetInt64(0), In: row.GetInt64(1)), [First, Last, request.AccountId], cancellation);
        return pairs.SelectMany(pair => (KeyValuePair<long, long>[])[new(pair.Out, pair.In), new(pair.In, pair.Out)]).ToDictionary();
    }

    /// <summary>What the proof found each account to have held before its first row, by each provider that shows it.</summary>
    public Task<List<(long AccountId, decimal Opening)>> OpeningsAsync(CancellationToken cancellation) => ReadAsync(
        """
        SELECT r.account_id, r.opening FROM ledger.reconciliations r LEFT JOIN ledger.provider_accounts p ON p.id = r.provider_account_id
        WHERE r.subject = '' AND NOT coalesce(p.is_brokerage, false) AND r.opening IS NOT NULL AND (r.opening_known OR r.proved_at IS NOT NULL)
        ORDER BY r.account_id, r.proved_at IS NULL, p.provider, p.connection_id, p.external_id
        """,
        row => (row.GetInt64(0), row.GetDecimal(1)), [], cancellation);

    /// <summary>The same of securities, in units.</summary>
    public Task<List<(long AccountId, string Security, decimal Opening)>> HoldingsAsync(CancellationToken cancellation) => ReadAsync(
        """
        SELECT r.account_id, r.subject, r.opening FROM ledger.reconciliations r JOIN ledger.provider_accounts p ON p.id = r.provider_account_id
        WHERE p.is_brokerage AND r.opening IS NOT NULL AND r.proved_at IS NOT NULL AND ($1::bigint IS NULL OR r.account_id = $1)
        ORDER BY r.account_id, r.subject COLLATE "C", p.provider, p.connection_id, p.external_id
        """,
        row => (row.GetInt64(0), row.GetString(1), row.GetDecimal(2)), [request.AccountId], cancellation);

    /// <summary>What was booked before the first day.</summary>
    public Task<List<(long AccountId, string Currency, decimal Amount)>> CarriedAsync(CancellationToken cancellation) => ReadAsync(
        """
        SELECT account_id, currency::text, sum(amount) FROM ledger.entries
        WHERE counts_as_posted AND booked_on < $1 AND ($2::bigint IS NULL OR account_id = $2) GROUP BY account_id, currency
        """,
        row => (row.GetInt64(0), row.GetString(1), row.GetDecimal(2)), [First, request.AccountId], cancellation);

    /// <summary>The bank's figures of booked money up to the newest that the proof agrees with, each with the opening that its provider's proof has.</summary>
    public Task<List<(ProvedFigure Figure, decimal Opening)>> FiguresAsync(CancellationToken cancellation) => ReadAsync(
        """
        SELECT r.account_id, b.current, greatest(b.earliest_at, coalesce(b.as_of, b.retrieved_at)) AS at, r.opening
        FROM ledger.reconciliations r
        JOIN ledger.accounts a ON a.id = r.account_id
        JOIN ledger.provider_accounts p ON p.id = r.provider_account_id AND NOT p.is_brokerage
        JOIN ledger.balances b ON b.provider_account_id = r.provider_account_id
        WHERE r.subject = '' AND r.opening IS NOT NULL AND b.current IS NOT NULL AND b.current_origin <> 'fallback_from_available' AND b.currency = a.currency::text
            AND greatest(b.earliest_at, coalesce(b.as_of, b.retrieved_at)) <= r.proved_at AND ($1::bigint IS NULL OR r.account_id = $1)
        ORDER BY at, r.account_id, b.current
        """,
        row => (new ProvedFigure(row.GetInt64(0), row.GetDecimal(1), row.GetFieldValue<DateTimeOffset>(2)), row.GetDecimal(3)), [request.AccountId], cancellation);

    public IAsyncEnumerable<ExportLine> LinesAsync(IEnumerable<long> twins, CancellationToken cancellation) => LinesAsync(First, Last, twins, cancellation);

    /// <summary>Trades of before the first day: they made the lots that are there on it.</summary>
    public async IAsyncEnumerable<TradeLine> EarlierTradesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (request.From is null || First == DateOnly.MinValue)
            yield break;
        await foreach (var line in LinesAsync(DateOnly.MinValue, First.AddDays(-1), [], cancellation))
        {
            if (line is TradeLine trade)
                yield return trade;
        }
    }

    private DateOnly First => request.From ?? DateOnly.MinValue;

    private DateOnly Last => request.To ?? DateOnly.MaxValue;

    private async IAsyncEnumerable<ExportLine> LinesAsync(DateOnly first, DateOnly last, IEnumerable<long> twins, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var command = Command(LinesSql, [first, last, request.AccountId, request.Pending, twins.ToArray()]);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            yield return reader.GetInt32(0) == 0 ? Transaction(reader) : Trade(reader);
    }

    private static TransactionLine Transaction(NpgsqlDataReader row) => new()
    {
        Day = row.GetFieldValue<DateOnly>(1),
        ExternalId = row.GetString(3),
        AccountId = row.GetInt64(4),
        Currency = row.GetString(5),
        Description = row.Value<string>(6),
        DeliveryId = row.GetGuid(7),
        Id = row.GetInt64(8),
        IsPosted = row.GetBoolean(9),
        Amount = row.GetDecimal(10),
        MerchantName = row.Value<string>(11),
        Category = row.Value<string>(12),
        Reference = row.Value<string>(13),
        OccurredAt = row.Time(14),
    };

    private static TradeLine Trade(NpgsqlDataReader row) => new()
    {
        Day = row.GetFieldValue<DateOnly>(1),
        ExternalId = row.GetString(3),
        AccountId = row.GetInt64(4),
        Currency = row.GetString(5),
        Description = row.Value<string>(6),
        DeliveryId = row.GetGuid(7),
        Type = row.GetString(15),
        Security = row.GetString(16),
        Name = row.Value<string>(17),
        Quantity = row.Number<decimal>(18),
        Price = row.Number<decimal>(19),
        TotalAmount = row.Number<decimal>(20),
        Fees = row.Number<decimal>(21),
        SettledOn = row.Number<DateOnly>(22),
    };

    private async Task<List<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read, object?[] values, CancellationToken cancellation)
    {
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(read(reader));
        return rows;
    }

    private NpgsqlCommand Command(string sql, object?[] values)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = NoTimeout };
        foreach (var value in values)
            command.Parameters.Add(value is null ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint } : new NpgsqlParameter { Value = value });
        return command;
    }
}
