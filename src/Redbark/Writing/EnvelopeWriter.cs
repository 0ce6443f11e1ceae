using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Redbark.Sync.Wire;

/// <summary>Writes webhook bodies.</summary>
public static class EnvelopeWriter
{
    // Redbark's bodies hold letters such as é as UTF-8 (spec 1.2, second vector), not as escapes.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a body.</summary>
    public static byte[] Write(WireEnvelope envelope, WireShape shape = WireShape.Newest)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        Write(buffer, envelope, shape);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes a body to a buffer.</summary>
    public static void Write(IBufferWriter<byte> buffer, WireEnvelope envelope, WireShape shape = WireShape.Newest)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        using var writer = new Utf8JsonWriter(buffer, Options);
        writer.WriteStartObject();
        writer.WriteString("id", envelope.Id);
        writer.WriteString("object", "event");
        writer.WriteString("type", envelope.Type);
        writer.WriteString("api_version", envelope.ApiVersion);
        writer.WriteNumber("created", envelope.Created);
        writer.WriteStartObject("data");
        WriteRows(writer, "new", envelope.New, shape);
        WriteRows(writer, "updated", envelope.Updated, shape);
        writer.WriteEndObject();
        if (envelope.Metadata is { } metadata)
        {
            writer.WriteStartObject("metadata");
            writer.WriteString("sync_run_id", metadata.SyncRunId);
            writer.WriteNumber("new_count", metadata.NewCount);
            writer.WriteNumber("updated_count", metadata.UpdatedCount);
            writer.WriteNumber("chunk", metadata.Chunk);
            writer.WriteNumber("total_chunks", metadata.TotalChunks);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteRows(Utf8JsonWriter writer, string name, IReadOnlyList<IWireRow> rows, WireShape shape)
    {
        writer.WriteStartArray(name);
        foreach (var row in rows)
            row.WriteTo(writer, shape);
        writer.WriteEndArray();
    }
}
