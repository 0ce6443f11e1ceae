using Npgsql;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Gaps.Schema;
using Redbark.Sync.Worker.Gaps.Store;

namespace Redbark.Sync.Worker.Gaps.Sources;

/// <summary>
/// Gaps of feeds that are silent against their own rhythm: the sender may have switched the destination off (redbark 3.2). Each is read
/// once a day while the silence lasts, and once more when the feed speaks again, for what was booked until then.
/// </summary>
internal sealed class SilenceGaps(NpgsqlDataSource database, GapStore gaps, TimeProvider clock) : IGapSource
{
    /// <summary>A row may be dated a little before it is sent.</summary>
    private const int DaysBefore = 3;

    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    // A silence that began longer ago and has ended was read at its end.
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(60);

    public async Task<List<FoundGap>> FindAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return [.. await SilentAsync(connection, cancellation), .. await EndedAsync(connection, cancellation)];
    }

    private async Task<List<FoundGap>> SilentAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("""
            SELECT s.feed, s.last_delivery_at, s.silent_since, (SELECT d.time_zone FROM ledger.deliveries d WHERE d.feed = s.feed ORDER BY d.received_at DESC LIMIT 1)
            FROM ledger.feed_states s WHERE s.silent_since IS NOT NULL ORDER BY s.feed
            """);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var found = new List<FoundGap>();
        while (await reader.ReadAsync(cancellation))
        {
            var (feed, last, since) = (reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetFieldValue<DateTimeOffset>(2));
            var zone = TimeZoneInfo.FindSystemTimeZoneById(reader.Value<string>(3) ?? "UTC");
            var asOf = since + (Every * Math.Floor((now - since) / Every));
            found.Add(new FoundGap
            {
                Kind = GapKind.SilentFeed,
                Key = FormattableString.Invariant($"{feed}/{last.UtcDateTime:O}"),
                Feed = feed,
                From = last.DayIn(zone).AddDays(-DaysBefore),
                To = asOf.DayIn(zone).AddDays(1),
                AsOf = asOf,
            });
        }

        return found;
    }

    private async Task<List<FoundGap>> EndedAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var found = new List<FoundGap>();
        foreach (var (key, gap) in await gaps.RecordedAsync(GapKind.SilentFeed, cancellation))
        {
            if (gap.DetectedAt < clock.GetUtcNow() - LookBack)
                continue;
            await using var batch = new NpgsqlBatch(connection);
            batch.Add("SELECT received_at, time_zone FROM ledger.deliveries WHERE feed = $1 AND received_at > $2 ORDER BY received_at LIMIT 1").With(gap.Feed).With(gap.DetectedAt);
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            if (!await reader.ReadAsync(cancellation) || reader.GetFieldValue<DateTimeOffset>(0) is var spoke && spoke <= gap.AsOf)
                continue;
            found.Add(new FoundGap
            {
                Kind = GapKind.SilentFeed,
                Key = key,
                Feed = gap.Feed,
                From = gap.FromDay,
                To = spoke.DayIn(TimeZoneInfo.FindSystemTimeZoneById(reader.GetString(1))).AddDays(1),
                AsOf = spoke,
            });
        }

        return found;
    }
}
