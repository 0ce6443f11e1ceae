using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Worker.Tests.Api;

/// <summary>Rows put straight into the ledger's tables.</summary>
internal static class Seed
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 3, 12, 0, 0, TimeSpan.Zero);

    public static Guid DeliveryId(DateTimeOffset receivedAt) => Guid.CreateVersion7(receivedAt);

    public static Task AccountAsync(this ApiHost host, long id, string? currency = "AUD", string? name = null) => host.SqlAsync("""
        INSERT INTO ledger.accounts (id, provider, external_id, public_id, name, currency, first_seen_at, last_delivery_at)
        OVERRIDING SYSTEM VALUE VALUES ($1, 'redbark', $2, $3, $4, $5, $6, $7)
        """, id, $"external-{id}", $"acct_{id}", name, currency, Noon.UtcDateTime, Noon.AddHours(1).AddMilliseconds(250).UtcDateTime);

    public static Task TransactionAsync(
        this ApiHost host, long id, long account, string amount, string currency = "AUD", string status = "posted", string bookedOn = "2026-11-02",
        string? description = null, Guid delivery = default) => host.SqlAsync("""
        INSERT INTO ledger.transactions (id, account_id, external_id, status, amount, currency, currency_assumed, booked_on, occurred_at, description,
            merchant_name, category, merchant_category_code, reference, observed_at, content_hash, revision, delivery_id, recorded_at)
        OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $5::numeric, $6, false, $7::date, $8, $9, 'Coles', 'GROCERIES', '5411', 'R-1', $8, gen_random_uuid(), 1, $10, $8)
        """, id, account, $"bank_tx_{id}", status, amount, currency, bookedOn, Noon.UtcDateTime, description, delivery);

    public static Task TradeAsync(
        this ApiHost host, long id, long account, string? quantity, string? price = null, string type = "buy", string? symbol = "VAS", string currency = "AUD",
        string tradedOn = "2026-11-02") => host.SqlAsync("""
        INSERT INTO ledger.trades (id, account_id, external_id, type, symbol, name, quantity, price, total_amount, fees, currency, currency_assumed, traded_on,
            settled_on, observed_at, content_hash, revision, delivery_id, recorded_at)
        OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $5, 'Vanguard', $6::numeric, $7::numeric, 1000.5, 9.95, $8, false, $9::date, '2026-11-04', $10,
            gen_random_uuid(), 1, '00000000-0000-0000-0000-000000000000', $10)
        """, id, account, $"trade_{id}", type, symbol, quantity, price, currency, tradedOn, Noon.UtcDateTime);

    public static async Task DeliveryAsync(
        this ApiHost host, Guid id, DateTimeOffset receivedAt, byte[] body, string status = "applied", string? eventId = null, string? type = "transactions.synced",
        string? runId = null, string feed = "redbark", Guid? duplicateOf = null)
    {
        StoredBody stored = BodyStore.Pack(body);
        // Months are made from the present one on; the tests' days stay where they are.
        await host.SqlAsync("SELECT ledger.ensure_partition('deliveries', $1)", receivedAt.UtcDateTime);
        await host.SqlAsync("""
            INSERT INTO ledger.deliveries (received_at, id, feed, time_zone, signed_at, event_id, event_type, api_version, created_at, observed_at, run_id, chunk,
                total_chunks, secret_name, headers, body, body_length, body_sha256, unknown_fields, status, duplicate_of, rows, applied, unchanged, quarantined,
                ignored, ignored_reasons, recorded_at)
            VALUES ($1, $2, $3, 'Australia/Sydney', $4, $5, $6, '2026-03-15', $4, $4, $7, 1, 2, 'Secrets:0', '{"user-agent":"Redbark-Webhook/1.0"}', $8, $9, $10,
                '{"mood":2}', $11, $12, 6, 3, 1, 1, 1, '{"stale":1}', $4)
            """, receivedAt.UtcDateTime, id, feed, receivedAt.AddSeconds(-1).UtcDateTime, eventId, type, runId, duplicateOf is null ? stored.GZip : null,
            stored.Length, stored.Sha256, status, duplicateOf);
    }

    public static Task QuarantineAsync(
        this ApiHost host, long id, Guid delivery, string reason = "amount_invalid", string rawJson = "{}", string state = "open") => host.SqlAsync("""
        INSERT INTO ledger.quarantine (id, delivery_id, delivery_received_at, row_index, origin, kind, reason, detail, external_id, raw_json, observed_at, row_hash,
            state, created_at, resolved_at)
        OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, 4, 'new', 'transaction', $4, 'amount is "x"; an integer of minor units is expected', 'bank_tx_9', $5, $3,
            gen_random_uuid(), $6, $3, CASE $6 WHEN 'open' THEN NULL ELSE $3 END)
        """, id, delivery, Noon.UtcDateTime, reason, rawJson, state);

    public static async Task RunAsync(this ApiHost host, string feed, string run, int? total, params int[] chunks)
    {
        await host.SqlAsync("INSERT INTO ledger.sync_runs VALUES ($1, $2, 'transactions.synced', $3, $4, $5)",
            feed, run, Noon.UtcDateTime, Noon.AddMinutes(chunks.Length).UtcDateTime, total);
        foreach (var chunk in chunks)
        {
            await host.SqlAsync("INSERT INTO ledger.sync_run_chunks VALUES ($1, $2, 'transactions.synced', $3, gen_random_uuid(), $4, 500, 500, 0)",
                feed, run, chunk, Noon.UtcDateTime);
        }
    }
}
