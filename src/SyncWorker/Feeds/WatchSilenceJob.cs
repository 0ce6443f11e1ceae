using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Outbox;
using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Feeds;

/// <summary>
/// Knows how often each feed speaks, from the archive, and says once when one is quiet for much longer. A quiet feed is not an error by
/// itself (nothing may have been bought), so the bound follows the feed: three times the pause that nine of ten pauses stay within.
/// For arrivals by pure chance that is passed about once in a thousand pauses.
/// </summary>
internal sealed partial class WatchSilenceJob(
    NpgsqlDataSource database, IOptions<SilenceOptions> options, OutboxSignal signal, TimeProvider clock, ILogger<WatchSilenceJob> logger) : IScheduledJob
{
    /// <summary>The feed under which what was read from REST stands in the archive.</summary>
    private const string Rest = "rest";
    private const int FewestPauses = 5;
    private const int TimesUsual = 3;

    private static readonly TimeSpan Learned = TimeSpan.FromDays(60);
    private static readonly TimeSpan UntilLearned = TimeSpan.FromDays(7);

    // The chunks of one run, and runs side by side, are one time of speaking.
    private static readonly TimeSpan SameBreath = TimeSpan.FromMinutes(10);

    public string Id => "watch-silence";

    public string Description => "Says when a feed is quiet for longer than it usually is";

    public string DefaultCron => "10,40 * * * *";

    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var feeds = await ReadAsync(connection, now, cancellation);
        if (feeds.Count == 0)
            return "no feed has delivered yet";

        await using var batch = new NpgsqlBatch(connection);
        foreach (var (feed, was) in feeds)
            Save(batch, feed, was, now);
        await batch.ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        signal.Wake();

        var silent = feeds.Where(feed => feed.Now.SilentSince is not null).Select(feed => feed.Now.Feed).Order(StringComparer.Ordinal).ToList();
        return $"{feeds.Count - silent.Count} of {Counted.Of(feeds.Count, "feed")} as usual{(silent.Count == 0 ? "" : $"; silent: {string.Join(", ", silent)}")}";
    }

    private async Task<List<(FeedState Now, DateTimeOffset? SilentSince)>> ReadAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch
            .Add("""
                WITH pauses AS (
                    SELECT feed, received_at - lag(received_at) OVER (PARTITION BY feed ORDER BY received_at) AS pause
                    FROM ledger.deliveries WHERE received_at >= $1 AND feed <> $2
                ), rhythm AS (
                    SELECT feed, percentile_disc(0.9) WITHIN GROUP (ORDER BY pause) FILTER (WHERE pause > $3) AS usual, count(*) FILTER (WHERE pause > $3)::int AS pauses
                    FROM pauses GROUP BY feed
                )
                SELECT feed, last.at, r.usual, coalesce(r.pauses, 0), s.silent_since
                FROM rhythm r FULL JOIN ledger.feed_states s USING (feed)
                CROSS JOIN LATERAL (SELECT max(d.received_at) AS at FROM ledger.deliveries d WHERE d.feed = coalesce(r.feed, s.feed)) last
                WHERE last.at IS NOT NULL
                ORDER BY feed
                """)
            .With(now - Learned).With(Rest).With(SameBreath, NpgsqlDbType.Interval);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var feeds = new List<(FeedState, DateTimeOffset?)>();
        while (await reader.ReadAsync(cancellation))
        {
            var (name, last, pauses) = (reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetInt32(3));
            var usual = pauses >= FewestPauses ? reader.Number<TimeSpan>(2) : null;
            var after = After(name, usual);
            feeds.Add((new FeedState
            {
                Feed = name,
                LastDeliveryAt = last,
                UsualPause = usual,
                Pauses = pauses,
                SilentAfter = after,
                SilentSince = after is { } bound && now - last > bound ? last + bound : null,
                CheckedAt = now,
            }, reader.Time(4)));
        }

        return feeds;
    }

    private TimeSpan? After(string feed, TimeSpan? usual)
    {
        if (options.Value.Feeds.TryGetValue(feed, out var set))
            return set;
        var learned = usual * TimesUsual ?? UntilLearned;
        return learned > options.Value.AtLeast ? learned : options.Value.AtLeast;
    }

    private void Save(NpgsqlBatch batch, FeedState feed, DateTimeOffset? silentSince, DateTimeOffset now)
    {
        // Once silent, it stays so from the same moment, whatever the bound becomes.
        var since = feed.SilentSince is null ? null : silentSince ?? feed.SilentSince;
        batch
            .Add("""
                INSERT INTO ledger.feed_states (feed, last_delivery_at, usual_pause, pauses, silent_after, silent_since, checked_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (feed) DO UPDATE SET last_delivery_at = excluded.last_delivery_at, usual_pause = excluded.usual_pause, pauses = excluded.pauses,
                    silent_after = excluded.silent_after, silent_since = excluded.silent_since, checked_at = excluded.checked_at
                """)
            .With(feed.Feed).With(feed.LastDeliveryAt)
            .With<object>((object?)feed.UsualPause ?? DBNull.Value, NpgsqlDbType.Interval).With(feed.Pauses)
            .With<object>((object?)feed.SilentAfter ?? DBNull.Value, NpgsqlDbType.Interval).With(since).With(feed.CheckedAt);
        if (since is not null && silentSince is null)
        {
            Announcements.Add(batch, new FeedSilent(Guid.CreateVersion7(now), now, feed.Feed, feed.LastDeliveryAt, feed.SilentAfter!.Value), now);
            Log.Silent(logger, feed.Feed, feed.LastDeliveryAt, feed.SilentAfter.Value);
        }
        else if (since is null && silentSince is not null)
        {
            Log.Speaks(logger, feed.Feed, feed.LastDeliveryAt);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Feed {Feed} is silent: its last delivery came {LastDeliveryAt:u}, and a quiet of {SilentAfter} is unusual for it")]
        public static partial void Silent(ILogger logger, string feed, DateTimeOffset lastDeliveryAt, TimeSpan silentAfter);

        [LoggerMessage(LogLevel.Information, "Feed {Feed} is not silent any more: its last delivery came {LastDeliveryAt:u}")]
        public static partial void Speaks(ILogger logger, string feed, DateTimeOffset lastDeliveryAt);
    }
}
