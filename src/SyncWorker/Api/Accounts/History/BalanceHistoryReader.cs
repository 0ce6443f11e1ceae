using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Reconciliation;

namespace Redbark.Sync.Worker.Api.Accounts.History;

/// <summary>Reads a <see cref="BalanceHistory"/> in one round trip: what lies before its first day comes from the months that are kept added up.</summary>
internal sealed class BalanceHistoryReader(NpgsqlDataSource database, IOptions<ReconciliationOptions> options, TimeProvider clock)
{
    private const int UsualDays = 90;
    private const int MostDays = 800;

    private const string AccountSql = "SELECT name, currency, external_id, public_id, (SELECT min(booked_on) FROM ledger.transactions WHERE account_id = a.id) FROM ledger.accounts a WHERE id = $1";

    // The proof of money that matters, as in the list of accounts.
    private const string ProofSql = """
        SELECT opening, CASE WHEN status = 'drift' THEN since END FROM ledger.reconciliations WHERE account_id = $1 AND subject = ''
        ORDER BY opening IS NULL, array_position(ARRAY['drift', 'settling', 'proved', 'unknown'], status), provider_account_id LIMIT 1
        """;

    private const string OwnCurrency = "currency = (SELECT currency FROM ledger.accounts WHERE id = $1)";

    private const string BeforeSql = $"""
        SELECT coalesce((SELECT sum(amount) FROM ledger.entry_totals
                         WHERE account_id = $1 AND {OwnCurrency} AND status = 'posted' AND month < date_trunc('month', $2::timestamp)), 0)
             + coalesce((SELECT sum(amount) FROM ledger.entries
                         WHERE account_id = $1 AND {OwnCurrency} AND counts_as_posted AND booked_on >= date_trunc('month', $2::timestamp)::date AND booked_on < $2), 0)
        """;

    private const string DaysSql = $"""
        SELECT booked_on, sum(amount) FROM ledger.entries
        WHERE account_id = $1 AND {OwnCurrency} AND counts_as_posted AND booked_on BETWEEN $2 AND $3 GROUP BY 1 ORDER BY 1
        """;

    private const string MonthsSql = $"""
        SELECT (month + interval '1 month')::date - 1, sum(amount) FROM ledger.entry_totals
        WHERE account_id = $1 AND {OwnCurrency} AND status = 'posted' AND month >= $2 AND month < date_trunc('month', $3::timestamp) GROUP BY 1
        UNION ALL
        SELECT $3, sum(amount) FROM ledger.entries
        WHERE account_id = $1 AND {OwnCurrency} AND counts_as_posted AND booked_on BETWEEN date_trunc('month', $3::timestamp)::date AND $3 HAVING count(*) > 0
        ORDER BY 1
        """;

    private const string PointsSql = $"""
        SELECT DISTINCT ON (b.provider_account_id, date_trunc($4, b.retrieved_at)) b.provider_account_id, p.provider, greatest(b.earliest_at, coalesce(b.as_of, b.retrieved_at)), b.current,
            CASE WHEN r.status = 'unknown' THEN NULL WHEN r.status = 'proved' THEN true
                 ELSE r.proved_at IS NOT NULL AND greatest(b.earliest_at, coalesce(b.as_of, b.retrieved_at)) <= r.proved_at END
        FROM ledger.provider_accounts p
        JOIN ledger.balances b ON b.provider_account_id = p.id AND b.retrieved_at >= $2::timestamp AT TIME ZONE 'UTC' AND b.retrieved_at < ($3 + 1)::timestamp AT TIME ZONE 'UTC'
            AND b.current IS NOT NULL AND b.{OwnCurrency}
        LEFT JOIN ledger.reconciliations r ON r.account_id = $1 AND r.provider_account_id = p.id AND r.subject = ''
        WHERE p.account_id = $1
        ORDER BY b.provider_account_id, date_trunc($4, b.retrieved_at), b.retrieved_at DESC
        """;

    /// <returns>Null when there is no such account.</returns>
    public async Task<BalanceHistory?> ReadAsync(long accountId, DateOnly? first, DateOnly? last, CancellationToken cancellation)
    {
        var to = last ?? clock.NewestDay();
        var from = first ?? to.AddDays(-Math.Min(UsualDays, to.DayNumber));
        if (from > to)
            from = to;
        var days = to.DayNumber - from.DayNumber;
        var byMonth = days > MostDays;
        if (byMonth)
            from = new DateOnly(from.Year, from.Month, 1);

        await using var batch = database.CreateBatch();
        batch.Add(AccountSql).With(accountId);
        batch.Add(ProofSql).With(accountId);
        batch.Add(BeforeSql).With(accountId).With(from, NpgsqlDbType.Date);
        batch.Add(byMonth ? MonthsSql : DaysSql).With(accountId).With(from, NpgsqlDbType.Date).With(to, NpgsqlDbType.Date);
        batch.Add(PointsSql).With(accountId).With(from, NpgsqlDbType.Date).With(to, NpgsqlDbType.Date).With(byMonth ? "month" : days > 31 ? "day" : "hour");
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;
        var (name, currency, firstRow) = (reader.Value<string>(0), reader.Value<string>(1), reader.Number<DateOnly>(4));
        var inverted = options.Value.For(reader.Value<string>(2), reader.Value<string>(3)).IsInverted;

        await reader.NextResultAsync(cancellation);
        var (opening, since) = await reader.ReadAsync(cancellation) ? (reader.Number<decimal>(0), reader.Number<DateOnly>(1)) : (null, null);

        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var balance = reader.GetDecimal(0) + opening.GetValueOrDefault();
        var history = new BalanceHistory
        {
            AccountId = accountId,
            Name = name,
            Currency = currency?.Trim() ?? "",
            From = from,
            To = to,
            ByMonth = byMonth,
            Opening = opening,
            FirstRow = firstRow,
            DriftSince = since,
            Before = balance,
            Days = await DaysAsync(),
            Points = await PointsAsync(),
        };
        return history;

        async Task<List<LedgerDay>> DaysAsync()
        {
            await reader.NextResultAsync(cancellation);
            var read = new List<LedgerDay>();
            while (await reader.ReadAsync(cancellation))
                read.Add(new LedgerDay(reader.GetFieldValue<DateOnly>(0), balance += reader.GetDecimal(1)));
            return read;
        }

        async Task<List<BankPoint>> PointsAsync()
        {
            await reader.NextResultAsync(cancellation);
            var read = new List<BankPoint>();
            while (await reader.ReadAsync(cancellation))
            {
                var amount = reader.GetDecimal(3);
                read.Add(new BankPoint(reader.GetInt64(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2), inverted ? -amount : amount, reader.Number<bool>(4)));
            }

            read.Sort((left, right) => (left.At, left.BalanceId).CompareTo((right.At, right.BalanceId)));
            return read;
        }
    }
}
