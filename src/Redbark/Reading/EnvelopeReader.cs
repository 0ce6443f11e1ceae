using System.Text.Json;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire;

/// <summary>Reads what the envelope says of itself (spec 2.1, 4.2).</summary>
internal static class EnvelopeReader
{
    // A created further ahead of the signature than this is no clock's error.
    private static readonly TimeSpan MostAhead = TimeSpan.FromDays(1);

    private const int LongestType = 100;

    /// <summary>The event's type as sent, trimmed; empty when there is none.</summary>
    public static string ReadType(JsonElement type) =>
        type.ValueKind is JsonValueKind.String ? JsonText.Cut(JsonText.ReadTrimmed(type) ?? "", LongestType) : "";

    public static Envelope Read(JsonFields<EnvelopeField> fields, UnknownFields unknown, DateTimeOffset signedAt)
    {
        var created = WireMoment.Read(fields[EnvelopeField.Created]).Instant;
        return new Envelope
        {
            EventId = ReadShort(fields[EnvelopeField.Id]),
            Type = ReadType(fields[EnvelopeField.Type]),
            ApiVersion = ReadShort(fields[EnvelopeField.ApiVersion]),
            CreatedAt = created,
            ObservedAt = created is { } at && at - signedAt <= MostAhead ? at : signedAt,
            Run = ReadRun(fields[EnvelopeField.Metadata], unknown),
            UnknownFields = unknown.Counts,
        };
    }

    /// <summary>What can be read of the envelope of a body that is not whole JSON: its fields up to the first error. Null when none.</summary>
    public static Envelope? Salvage(ReadOnlySpan<byte> json, JsonReaderOptions options, DateTimeOffset signedAt)
    {
        var fields = new JsonFields<EnvelopeField>();
        var any = false;
        try
        {
            var reader = new Utf8JsonReader(json, options);
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
                return null;
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var known = JsonFields<EnvelopeField>.TryFind(reader.ValueSpan, out var field) && field is not EnvelopeField.Data;
                reader.Read();
                if (known)
                    fields.Set(field, JsonElement.ParseValue(ref reader));
                else
                    reader.Skip();
                any |= known;
            }
        }
        catch (JsonException)
        {
            // The error that brought us here: what stood before it has been read.
        }

        return any ? Read(fields, new UnknownFields(), signedAt) : null;
    }

    private static RunChunk? ReadRun(JsonElement metadata, UnknownFields unknown)
    {
        var fields = new JsonFields<MetadataField>();
        fields.Load(metadata, unknown, "metadata.");
        return ReadShort(fields[MetadataField.SyncRunId]) is { } id
            ? new RunChunk(id,
                ReadCount(fields[MetadataField.Chunk], atLeast: 1), ReadCount(fields[MetadataField.TotalChunks], atLeast: 1),
                ReadCount(fields[MetadataField.NewCount], atLeast: 0), ReadCount(fields[MetadataField.UpdatedCount], atLeast: 0))
            : null;
    }

    private static string? ReadShort(JsonElement element) => JsonText.ReadId(element, RowLimits.LongestId, out _);

    private static int? ReadCount(JsonElement element, int atLeast) =>
        ExactDecimal.TryReadInt64(element, out var count) && count >= atLeast && count <= int.MaxValue ? (int)count : null;
}
