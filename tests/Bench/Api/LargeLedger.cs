using Npgsql;
using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Bench.Api;

/// <summary>Fills a ledger with a large household's decade: 1,000,000 transactions, 100,000 deliveries, and what goes with them.</summary>
internal static class LargeLedger
{
    public const int Accounts = 40;
    public const int Transactions = 1_000_000;
    public const int Deliveries = 100_000;

    private const int Days = 3650;
    private const int Months = 18;

    public static async Task FillAsync(NpgsqlDataSource ledger)
    {
        foreach (var sql in (string[])[Partitions, AccountRows, TransactionRows, RevisionRows, SettlementRows, DeliveryRows, RunRows, QuarantineRows, TradeRows, BalanceRows, ProofRows, "VACUUM ANALYZE"])
        {
            await using var command = ledger.CreateCommand(sql);
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync();
        }
    }

    private static readonly string Partitions = $"SELECT ledger.ensure_partitions(now() - interval '{Months} months', {Months} + 1)";

    private static readonly string AccountRows = $"""
        INSERT INTO ledger.accounts (id, provider, external_id, public_id, name, currency, first_seen_at, last_delivery_at)
        OVERRIDING SYSTEM VALUE SELECT n, 'redbark', 'external-' || n, 'acct_' || n, 'Account ' || n, 'AUD', now() - interval '10 years', now() FROM generate_series(1, {Accounts}) n
        """;

    // One of fifty is pending, and another settles it; the newest rows are spread over all accounts.
    private static readonly string TransactionRows = $"""
        INSERT INTO ledger.transactions (id, account_id, external_id, status, amount, currency, currency_assumed, booked_on, occurred_at, description, merchant_name, category,
            merchant_category_code, reference, class, observed_at, content_hash, revision, delivery_id, recorded_at)
        OVERRIDING SYSTEM VALUE SELECT n, 1 + n % {Accounts}, 'bank_tx_' || md5(n::text) || md5((n + 1)::text), CASE WHEN n % 50 = 7 THEN 'pending' ELSE 'posted' END,
            ((n::bigint * 7919) % 200000 - 120000) / 100.0, 'AUD', false, d.day, d.day + interval '14 hours', 'VISA-Shop ' || n % 5000 || ' SYDNEY xx4821', 'Shop ' || n % 5000,
            'FOOD_AND_DRINK', '5411', 'R' || n, 'payment', d.day + interval '20 hours', gen_random_uuid(), 1, gen_random_uuid(), d.day + interval '20 hours'
        FROM generate_series(1, {Transactions}) n CROSS JOIN LATERAL (SELECT current_date - (({Transactions} - n) * {Days}::bigint / {Transactions})::int AS day) d
        """;

    private static readonly string RevisionRows = """
        UPDATE ledger.transactions SET category = 'GENERAL_MERCHANDISE', revision = revision + 1, content_hash = gen_random_uuid(), recorded_at = now() WHERE id % 20 = 3
        """;

    private static readonly string SettlementRows = $"""
        INSERT INTO ledger.settlements (row_id, account_id, by_id, kind, tier, decided_by, since)
        SELECT n, 1 + n % {Accounts}, n + {Accounts}, 'settled', 'instant', 'automatic', now() FROM generate_series(7, {Transactions} - 2000, 50) n
        """;

    private static readonly StoredBody Body = BodyStore.Pack(EnvelopeWriter.Write(new WireEnvelope
    {
        Id = "evt",
        Type = EventTypes.TransactionsSynced,
        Created = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
        New = [.. Enumerable.Range(1, 10).Select(n => new WireTransaction { Id = $"bank_tx_{n}", AccountId = $"external-{n}", Amount = -n, LocalDate = "2026-10-01", Description = "VISA-Shop" })],
    }));

    // The time within the id is received_at.
    private static readonly string DeliveryRows = $"""
        INSERT INTO ledger.deliveries (received_at, id, feed, time_zone, signed_at, event_id, event_type, api_version, created_at, observed_at, run_id, chunk, total_chunks, secret_name,
            headers, body, body_length, body_sha256, unknown_fields, status, rows, applied, unchanged, quarantined, ignored, ignored_reasons, recorded_at)
        SELECT t.at, (lpad(to_hex((extract(epoch FROM t.at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid,
            'redbark', 'Australia/Sydney', t.at, 'evt_' || n, CASE n % 10 WHEN 0 THEN 'trades.synced' ELSE 'transactions.synced' END, '2026-03-15', t.at, t.at, 'run_' || n / 4, 1 + n % 4, 4,
            'Secrets:0', jsonb_build_object('content-type', 'application/json', 'user-agent', 'Redbark'), decode('{Convert.ToHexString(Body.GZip)}', 'hex'), {Body.Length}, '{Body.Sha256}', jsonb_build_object(),
            CASE WHEN n % 500 = 0 THEN 'parked' ELSE 'applied' END, 10, 10, 0, 0, 0, jsonb_build_object(), t.at
        FROM generate_series(1, {Deliveries}) n CROSS JOIN LATERAL (SELECT date_trunc('milliseconds', now()) - ({Deliveries} - n) * interval '{Months - 1} months' / {Deliveries}
            - interval '1 second') AS s (at) CROSS JOIN LATERAL (SELECT date_trunc('milliseconds', s.at) AS at) t
        """;

    private static readonly string RunRows = """
        INSERT INTO ledger.sync_runs (feed, run_id, type, first_at, last_at, total_chunks)
            SELECT feed, run_id, event_type, min(received_at), max(received_at), 4 FROM ledger.deliveries WHERE event_type = 'transactions.synced' GROUP BY 1, 2, 3;
        ALTER TABLE ledger.sync_run_chunks DISABLE TRIGGER keep_complete;
        INSERT INTO ledger.sync_run_chunks (feed, run_id, type, chunk, delivery_id, received_at, rows, new_count, updated_count)
            SELECT feed, run_id, event_type, chunk, id, received_at, 10, 10, 0 FROM ledger.deliveries WHERE event_type = 'transactions.synced';
        ALTER TABLE ledger.sync_run_chunks ENABLE TRIGGER keep_complete;
        UPDATE ledger.sync_runs SET complete = ledger.run_is_complete(feed, run_id, type, total_chunks);
        """;

    private static readonly string QuarantineRows = """
        INSERT INTO ledger.quarantine (delivery_id, delivery_received_at, row_index, origin, kind, reason, detail, external_id, raw_json, row_hash, state, created_at, resolved_at)
        SELECT gen_random_uuid(), now(), n % 10, 'new', 'transaction', 'amount_invalid', 'amount', 'bank_tx_' || n, '{"id":"bank_tx_' || n || '"}', gen_random_uuid(),
            CASE WHEN n % 100 = 0 THEN 'open' ELSE 'dropped' END, now(), CASE WHEN n % 100 = 0 THEN NULL ELSE now() END FROM generate_series(1, 10000) n
        """;

    private static readonly string TradeRows = $"""
        INSERT INTO ledger.trades (account_id, external_id, type, symbol, name, quantity, price, total_amount, fees, currency, currency_assumed, traded_on, observed_at, content_hash,
            revision, delivery_id, recorded_at)
        SELECT {Accounts}, 'trade_' || n, 'buy', 'SYM' || n % 40, 'Security ' || n % 40, 1.5, 100, 150, 1, 'USD', false, current_date - n % 3000, now(), gen_random_uuid(), 1,
            gen_random_uuid(), now() FROM generate_series(1, 20000) n
        """;

    private static readonly string BalanceRows = $"""
        INSERT INTO ledger.connections (provider, connection_id, institution, status, first_seen_at, last_listed_at) VALUES ('redbark', 'connection', 'Bank', 'active', now(), now());
        INSERT INTO ledger.provider_accounts (id, provider, connection_id, external_id, account_id, name, type, currency, is_brokerage, first_seen_at, last_listed_at)
            OVERRIDING SYSTEM VALUE SELECT n, 'redbark', 'connection', 'external-' || n, n, 'Account ' || n, 'transaction', 'AUD', false, now(), now() FROM generate_series(1, {Accounts}) n;
        INSERT INTO ledger.balances (provider_account_id, account_id, retrieved_at, earliest_at, currency, current, current_origin, available, available_includes_credit, flags, figures)
            SELECT a, a, now() - h * interval '4 hours', now() - h * interval '4 hours' - interval '5 minutes', 'AUD', 100, 'reported', 100, 'unknown', array[]::text[], jsonb_build_array()
            FROM generate_series(1, {Accounts}) a, generate_series(0, 2900) h;
        UPDATE ledger.provider_accounts p SET (last_balance_id, last_balance_at) =
            (SELECT id, retrieved_at FROM ledger.balances b WHERE b.provider_account_id = p.id ORDER BY retrieved_at DESC LIMIT 1);
        """;

    private static readonly string ProofRows = $"""
        INSERT INTO ledger.reconciliations (account_id, provider_account_id, subject, status, currency, opening, opening_known, expected, actual, drift, observed_at, proved_at, findings,
            checked_at, changed_at)
        SELECT n, n, '', 'proved', 'AUD', 0, false, 100, 100, 0, now(), now(), jsonb_build_array(), now(), now() FROM generate_series(1, {Accounts}) n
        """;
}
