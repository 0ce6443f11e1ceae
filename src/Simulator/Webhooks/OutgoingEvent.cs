using System.Text.Json;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Simulator.Webhooks;

/// <summary>One event that was sent, kept for redelivery.</summary>
/// <param name="Id">The event's id.</param>
/// <param name="Type">The event's type.</param>
/// <param name="Body">The exact bytes.</param>
/// <param name="SignedAt">When it was signed, in Unix seconds.</param>
public sealed record SentEvent(string Id, string Type, ReadOnlyMemory<byte> Body, long SignedAt);

/// <summary>Writes the bodies of a run's events.</summary>
internal sealed class EventBodies(WireRows rows, Destination destination, SenderOptions options, string runId, long created, SyncBatch batch)
{
    private readonly int _new = batch.Chunks.Sum(chunk => chunk.NewCount);
    private readonly int _updated = batch.Chunks.Sum(chunk => chunk.Updated.Count);

    public byte[] Write(string eventId, SyncChunk chunk) => EnvelopeWriter.Write(new WireEnvelope
    {
        Id = eventId,
        Type = chunk.Type,
        Created = created,
        New =
        [
            .. chunk.New.Select(row => rows.Of(row)),
            .. chunk.Trades.Select(rows.Of),
            .. chunk.ExtraRows.Select(row => new WireRawRow(row)),
        ],
        Updated = [.. chunk.Updated.Select(row => rows.Of(row, options.PreviousAttributes ? destination.Delivered.Find(row.Key) : null))],
        Metadata = new WireMetadata(
            runId,
            options.CountsPerRun ? _new : chunk.NewCount,
            options.CountsPerRun ? _updated : chunk.Updated.Count,
            chunk.Number,
            chunk.Total),
    });

    /// <summary>A thin event: no rows (spec 4.2).</summary>
    public static byte[] WriteThin(string eventId, string type, DateTimeOffset created)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("id", eventId);
            writer.WriteString("object", "event");
            writer.WriteString("type", type);
            writer.WriteBoolean("livemode", false);
            writer.WriteString("created", Rest.RestFormat.Instant(created));
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
