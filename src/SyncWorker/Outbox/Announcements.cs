using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Outbox;

/// <summary>Events that stand in the outbox as they are, because no row tells them again.</summary>
internal static class Announcements
{
    public const string Subject = "announcements";

    private static readonly Dictionary<string, JsonTypeInfo> Types = new JsonTypeInfo[]
    {
        AnnouncementJson.Default.TransactionSettled, AnnouncementJson.Default.BalanceObserved, AnnouncementJson.Default.DriftDetected,
        AnnouncementJson.Default.DriftCleared, AnnouncementJson.Default.GapDetected, AnnouncementJson.Default.GapHealed,
        AnnouncementJson.Default.FeedSilent, AnnouncementJson.Default.ConnectionNeedsAttention, AnnouncementJson.Default.EntryRemoved,
    }.ToDictionary(type => type.Type.Name);

    /// <summary>Adds an event to what is being committed. The caller wakes <see cref="OutboxSignal"/> afterwards.</summary>
    public static void Add(NpgsqlBatch batch, IWorkerEvent happened, DateTimeOffset now)
    {
        var type = happened.GetType().Name;
        batch.Add("INSERT INTO ledger.outbox (subject, ids, revisions, type, content, recorded_at) VALUES ($1, '{}', '{}', $2, $3, $4)")
            .With(Subject).With(type).With(JsonSerializer.Serialize(happened, Types[type]), NpgsqlDbType.Jsonb).With(now);
    }

    public static IWorkerEvent Read(OutboxEntry entry) => (IWorkerEvent)JsonSerializer.Deserialize(entry.Content!, Types[entry.Type!])!;
}

[JsonSerializable(typeof(TransactionSettled))]
[JsonSerializable(typeof(BalanceObserved))]
[JsonSerializable(typeof(DriftDetected))]
[JsonSerializable(typeof(DriftCleared))]
[JsonSerializable(typeof(GapDetected))]
[JsonSerializable(typeof(GapHealed))]
[JsonSerializable(typeof(FeedSilent))]
[JsonSerializable(typeof(ConnectionNeedsAttention))]
[JsonSerializable(typeof(EntryRemoved))]
internal sealed partial class AnnouncementJson : JsonSerializerContext;
