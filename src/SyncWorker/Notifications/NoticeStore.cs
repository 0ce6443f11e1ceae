using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Hosting;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Notifications;

/// <summary>What each channel was told, so that a restart tells nothing twice.</summary>
internal sealed class NoticeStore(NpgsqlDataSource database)
{
    public async Task<List<StandingNotice>> ReadAsync(string channel, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "SELECT kind, subject, summary, action, since, began_at, told_at FROM ledger.notices WHERE channel = $1 ORDER BY began_at, kind, subject");
        command.Parameters.AddWithValue(channel);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var standing = new List<StandingNotice>();
        while (await reader.ReadAsync(cancellation))
        {
            standing.Add(new(
                new Condition(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.Time(4)),
                reader.GetFieldValue<DateTimeOffset>(5), reader.Time(6)));
        }

        return standing;
    }

    /// <summary>
    /// Notes when what holds was first seen, before a channel is told of it: told again after a crash it is the same notice, with the same time.
    /// </summary>
    public async Task BeginAsync(string channel, IReadOnlyList<Condition> holding, DateTimeOffset now, CancellationToken cancellation)
    {
        if (holding.Count == 0)
            return;
        await using var batch = database.CreateBatch();
        batch
            .Add("""
                INSERT INTO ledger.notices (channel, kind, subject, summary, action, since, began_at)
                SELECT $1, kind, subject, summary, action, since, $2 FROM unnest($3, $4, $5, $6, $7) AS holding (kind, subject, summary, action, since)
                ON CONFLICT (channel, kind, subject) DO NOTHING
                """)
            .With(channel).With(now)
            .WithEach(holding, condition => condition.Kind, NpgsqlDbType.Text).WithEach(holding, condition => condition.Subject, NpgsqlDbType.Text)
            .WithEach(holding, condition => condition.Summary, NpgsqlDbType.Text).WithEach(holding, condition => condition.Action, NpgsqlDbType.Text)
            .WithEach(holding, condition => condition.Since?.UtcDateTime, NpgsqlDbType.TimestampTz);
        await batch.ExecuteAsync(cancellation);
    }

    /// <summary>Takes up that a channel was told all this.</summary>
    public async Task SaveAsync(string channel, NoticeMessage message, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        foreach (var (change, condition, beganAt) in message.Notices)
        {
            if (change == NoticeChange.Ended)
            {
                batch.Add("DELETE FROM ledger.notices WHERE channel = $1 AND kind = $2 AND subject = $3").With(channel).With(condition.Kind).With(condition.Subject);
                continue;
            }

            batch
                .Add("""
                    INSERT INTO ledger.notices (channel, kind, subject, summary, action, since, began_at, told_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                    ON CONFLICT (channel, kind, subject) DO UPDATE SET summary = excluded.summary, action = excluded.action, since = excluded.since, told_at = excluded.told_at
                    """)
                .With(channel).With(condition.Kind).With(condition.Subject).With(condition.Summary).With(condition.Action).With(condition.Since).With(beganAt).With(message.At);
        }

        await batch.ExecuteAsync(cancellation);
    }
}
