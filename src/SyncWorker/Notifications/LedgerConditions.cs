using System.Globalization;
using Npgsql;
using Redbark.Sync.Hosting;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Notifications;

/// <summary>What somebody should know of the ledger. Summaries say which and how much, never what a row holds.</summary>
internal sealed class LedgerConditions(NpgsqlDataSource database, BalanceOptions balances, TimeProvider clock) : IConditionSource
{
    public IReadOnlyCollection<string> Kinds => ["silent_feed", "drift", "connection", "consent_ending", "quarantine", "parked", "gap_failed"];

    public async Task<IReadOnlyList<Condition>> ReadAsync(CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        batch.Add("SELECT feed, last_delivery_at, silent_since FROM ledger.feed_states WHERE silent_since IS NOT NULL ORDER BY feed");
        batch.Add("""
            SELECT coalesce(a.external_id, a.public_id), a.name, p.provider, r.subject, r.drift, r.currency, r.since, r.changed_at
            FROM ledger.reconciliations r JOIN ledger.accounts a ON a.id = r.account_id JOIN ledger.provider_accounts p ON p.id = r.provider_account_id
            WHERE r.status = 'drift' ORDER BY r.account_id, p.provider, r.subject
            """);
        batch.Add("SELECT provider, connection_id, institution, needs_attention_since FROM ledger.connections WHERE needs_attention_since IS NOT NULL ORDER BY provider, connection_id");
        batch.Add($"SELECT provider, connection_id, institution, consent_ends_at FROM ledger.connections WHERE {ConsentEnd.IsNear} ORDER BY provider, connection_id").With(balances.Horizon(clock));
        batch.Add("SELECT count(*), min(created_at) FROM ledger.quarantine WHERE state = 'open'");
        batch.Add("SELECT count(*), min(received_at) FROM ledger.deliveries WHERE status = 'parked'");
        batch.Add("SELECT count(*), min(opened_at) FROM ledger.gaps WHERE state = 'failed'");
        await using var reader = await batch.ExecuteReaderAsync(cancellation);

        var found = new List<Condition>();
        while (await reader.ReadAsync(cancellation))
        {
            found.Add(new("silent_feed", reader.GetString(0), $"Feed {reader.GetString(0)} is silent: its last delivery came {reader.GetFieldValue<DateTimeOffset>(1):u}.",
                "Look at the destination in Redbark's dashboard: it may be switched off, or a connection may need its user.", reader.Time(2)));
        }

        await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add(Drift(reader));

        await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            found.Add(new("connection", $"{reader.GetString(0)}/{reader.GetString(1)}", $"The connection to {reader.Value<string>(2) ?? reader.GetString(1)} ({reader.GetString(0)}) cannot be read.",
                "GET /api/v1/connections says why; its user has to consent again.", reader.Time(3)));
        }

        await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var (provider, connection, institution, ends) = (reader.GetString(0), reader.GetString(1), reader.Value<string>(2), reader.Time(3));
            found.Add(new("consent_ending", $"{provider}/{connection}", $"The consent of {institution ?? connection} ({provider}) ends {(ends is { } at ? $"{at:u}" : "soon")}.",
                "Its user has to consent again before it does; after it nothing can be read.", Since: null));
        }

        await AddCountAsync(reader, found, "quarantine", "row", "in quarantine", "Retry or drop each: GET /api/v1/quarantine.", cancellation);
        await AddCountAsync(reader, found, "parked", "parked delivery", "waiting", "Mend the cause that each names, then: redbark-sync replay --status parked.", cancellation);
        await AddCountAsync(reader, found, "gap_failed", "gap", "that cannot be healed", "GET /api/v1/gaps says why.", cancellation);
        return found;
    }

    private static Condition Drift(NpgsqlDataReader reader)
    {
        var (account, name, provider, subject) = (reader.GetString(0), reader.Value<string>(1), reader.GetString(2), reader.GetString(3));
        var amount = reader.Number<decimal>(4) is { } drift ? string.Create(CultureInfo.InvariantCulture, $" by {drift} {reader.Value<string>(5)}") : "";
        var since = reader.Number<DateOnly>(6) is { } day ? string.Create(CultureInfo.InvariantCulture, $" since {day:yyyy-MM-dd}") : "";
        return new("drift", $"{account}/{provider}/{subject}", $"{name ?? account}{(subject.Length > 0 ? $", {subject}" : "")}: the ledger and {provider} differ{amount.TrimEnd()}{since}.",
            "redbark-sync prove names the cause and what mends it.", reader.Time(7));
    }

    private static async Task AddCountAsync(
        NpgsqlDataReader reader, List<Condition> found, string kind, string thing, string state, string action, CancellationToken cancellation)
    {
        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        if (reader.GetInt64(0) is var count and > 0)
            found.Add(new(kind, "", $"{Plural(count, thing)} {state}.", action, reader.Time(1)));
    }

    private static string Plural(long count, string thing) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? thing : thing.EndsWith('y') ? thing[..^1] + "ies" : thing + "s")}");
}
