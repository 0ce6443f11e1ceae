namespace Redbark.Sync.Worker.Tests.Support;

/// <summary>What is in the ledger under a tag, in the words of <see cref="LedgerModel"/>.</summary>
internal static class LedgerSnapshot
{
    private const string Label = "array_to_string(ARRAY(SELECT n FROM unnest(ARRAY[a.external_id, a.public_id]) n WHERE n IS NOT NULL ORDER BY n COLLATE \"C\"), '+')";
    private const string Time = "YYYY-MM-DD HH24:MI:SS\"Z\"";

    public static async Task<List<string>> OfAsync(WorkerUnderTest worker, string tag)
    {
        var lines = await worker.QueryAsync($"""
            WITH mine AS (SELECT a.*, {Label} AS label FROM ledger.accounts a WHERE coalesce(external_id, public_id) LIKE $1 || '-%')
            SELECT concat_ws(' ', 'account', label, coalesce(name, ''), coalesce(currency, ''), to_char(first_seen_at AT TIME ZONE 'UTC', '{Time}'),
                to_char(last_delivery_at AT TIME ZONE 'UTC', '{Time}')) FROM mine
            UNION ALL
            SELECT concat_ws(' ', 'transaction', label, t.external_id, initcap(status), amount, t.currency, booked_on, coalesce(description, ''),
                to_char(observed_at AT TIME ZONE 'UTC', '{Time}')) FROM ledger.transactions t JOIN mine ON mine.id = account_id
            UNION ALL
            SELECT concat_ws(' ', 'trade', label, t.external_id, type, quantity, t.currency, traded_on, coalesce(description, ''),
                to_char(observed_at AT TIME ZONE 'UTC', '{Time}')) FROM ledger.trades t JOIN mine ON mine.id = account_id
            UNION ALL
            SELECT concat_ws(' ', 'open', kind, reason, q.external_id, coalesce(to_char(q.observed_at AT TIME ZONE 'UTC', '{Time}'), ''))
            FROM ledger.quarantine q JOIN ledger.deliveries d ON d.received_at = delivery_received_at AND d.id = delivery_id WHERE d.feed = $1 AND state = 'open'
            """, row => row.GetString(0), tag);
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }
}
