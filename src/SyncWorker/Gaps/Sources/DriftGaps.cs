using Microsoft.Extensions.Options;
using Npgsql;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Gaps.Schema;
using Redbark.Sync.Worker.Gaps.Store;
using Redbark.Sync.Worker.Reconciliation.Proof;
using Redbark.Sync.Worker.Reconciliation.Store;

namespace Redbark.Sync.Worker.Gaps.Sources;

/// <summary>Gaps of accounts that drift, where reading rows may help: rows are missing, or the bank has posted what the ledger holds as pending.</summary>
internal sealed class DriftGaps(NpgsqlDataSource database, GapStore gaps, IOptions<GapOptions> options, TimeProvider clock) : IGapSource
{
    // A row may be dated so many days before the bank counts it: a weekend, a holiday, and a date that is off by one (spec 7.4).
    private const int DaysBefore = 7;

    private static readonly string[] ByReading = [Words.Of(DriftCause.MissingRows), Words.Of(DriftCause.NotYetPosted)];

    public async Task<List<FoundGap>> FindAsync(CancellationToken cancellation)
    {
        var found = await ReadAsync(cancellation);
        var keys = found.Select(gap => gap.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var (key, gap) in await gaps.RecordedAsync(GapKind.Drift, cancellation))
        {
            if (gap.ClosedAt is null && !keys.Contains(key))
                await gaps.CloseAsync(gap, GapState.Healed, Agreed, cancellation);
        }

        return found;
    }

    public const string Agreed = "the account agrees with the bank again, or something else explains the difference";

    /// <summary>Whether the drift that a gap is of is still there, and still wants reading.</summary>
    public async Task<bool> StandsAsync(Gap gap, CancellationToken cancellation) => (await ReadAsync(cancellation)).Exists(found => found.Key == gap.Key);

    private async Task<List<FoundGap>> ReadAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("""
            SELECT r.account_id, r.provider_account_id, r.subject, r.proved_at, r.findings,
                coalesce((SELECT d.time_zone FROM ledger.deliveries d WHERE d.received_at = a.last_delivery_at LIMIT 1), 'UTC')
            FROM ledger.reconciliations r JOIN ledger.accounts a ON a.id = r.account_id
            WHERE r.status = 'drift' ORDER BY r.account_id, r.provider_account_id, r.subject
            """);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var found = new List<FoundGap>();
        while (await reader.ReadAsync(cancellation))
        {
            var missing = Finding.Read(reader.GetString(4)).Where(finding => ByReading.Contains(finding.Cause) && finding.To is not null).ToList();
            if (missing.Count == 0)
                continue;
            var zone = TimeZoneInfo.FindSystemTimeZoneById(reader.GetString(5));
            var proved = reader.Time(3);
            found.Add(new FoundGap
            {
                Kind = GapKind.Drift,
                Key = FormattableString.Invariant($"{reader.GetInt64(0)}/{reader.GetInt64(1)}/{reader.GetString(2)}/{proved?.UtcDateTime:O}"),
                AccountId = reader.GetInt64(0),
                From = missing.Min(finding => FirstDay(finding, zone)),
                To = missing.Max(finding => LastDay(finding, zone)),
                Amount = missing.Sum(finding => decimal.Parse(finding.Amount, System.Globalization.CultureInfo.InvariantCulture)),
                AsOf = missing.Max(finding => Utc(finding.To!.Value)),
            });
        }

        return found;
    }

    private DateOnly FirstDay(Finding finding, TimeZoneInfo zone) => finding.From is { } agreed
        ? Utc(agreed).DayIn(zone).AddDays(-DaysBefore)
        : Utc(finding.To!.Value).DayIn(zone).AddDays(-options.Value.FirstRunDays);

    // What is pending here was posted there at any time since.
    private DateOnly LastDay(Finding finding, TimeZoneInfo zone) =>
        (finding.Cause == Words.Of(DriftCause.NotYetPosted) ? clock.GetUtcNow() : Utc(finding.To!.Value)).DayIn(zone).AddDays(1);

    private static DateTimeOffset Utc(DateTime moment) => new(moment.Ticks, TimeSpan.Zero);
}
