using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;

namespace Redbark.Sync.Worker.Archive;

/// <summary>The SQL of <c>deliveries</c>: every delivery with its body, for good.</summary>
internal static class DeliveryArchive
{
    // The same event is looked for in the months around, so that the look-up does not grow with the archive. Beyond them a repeated
    // row still changes nothing; only its body is kept twice.
    private static readonly TimeSpan NearBy = TimeSpan.FromDays(92);
    private static readonly long LastMillisecond = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>The event id of the body, or the header that repeats it (spec 1.1) when the body could not be read.</summary>
    public static string? EventIdOf(Delivery delivery) =>
        Text.Identity(delivery.Envelope?.EventId ?? delivery.Headers.GetValueOrDefault(WebhookHeaders.DeliveryId.ToLowerInvariant()));

    /// <summary>The time in a version 7 UUID, by which a delivery is found in its month; null for another UUID.</summary>
    public static DateTimeOffset? TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = ((long)bytes[0] << 40) | ((long)bytes[1] << 32) | ((long)bytes[2] << 24) | ((long)bytes[3] << 16) | ((long)bytes[4] << 8) | bytes[5];
        return id.Version == 7 && milliseconds <= LastMillisecond ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
    }

    /// <summary>Where a delivery is kept: the time in its id, which is the time it was received.</summary>
    public static DateTimeOffset ReceivedAt(Delivery delivery) => TimeOf(delivery.Id) ?? delivery.ReceivedAt;

    /// <summary>Adds the question what came before: the delivery itself, and others of its event, the first first.</summary>
    public static void AddFind(NpgsqlBatch batch, Delivery delivery)
    {
        var at = ReceivedAt(delivery);
        batch
            .Add($"""
                SELECT {DeliveryRecord.Columns} FROM ledger.deliveries WHERE received_at = $1 AND id = $2
                UNION ALL
                (SELECT {DeliveryRecord.Columns} FROM ledger.deliveries
                 WHERE event_id = $3 AND received_at BETWEEN $4 AND $5 AND id <> $2 ORDER BY recorded_at, duplicate_of IS NOT NULL, id)
                """)
            .With(at).With(delivery.Id).With(EventIdOf(delivery)).With(at - NearBy).With(at + NearBy);
    }

    public static void AddInsert(NpgsqlBatch batch, Delivery delivery, DeliveryRecord record, string? error, DateTimeOffset now)
    {
        var envelope = delivery.Envelope;
        batch
            .Add("""
                INSERT INTO ledger.deliveries (received_at, id, feed, time_zone, signed_at, event_id, event_type, api_version, created_at, observed_at, run_id, chunk,
                    total_chunks, secret_name, headers, body, body_length, body_sha256, unknown_fields, status, duplicate_of, conflicts_with, error,
                    rows, applied, unchanged, quarantined, ignored, ignored_reasons, recorded_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
                    $24, $25, $26, $27, $28, $29, $30)
                """)
            .With(record.ReceivedAt).With(delivery.Id).With(Text.Clean(delivery.Feed)).With(Text.Clean(delivery.TimeZone)).With(delivery.SignedAt)
            .With(record.EventId).With(Text.Clean(envelope?.Type)).With(Text.Clean(envelope?.ApiVersion)).With(envelope?.CreatedAt).With(envelope?.ObservedAt)
            .With(Text.Identity(envelope?.Run?.RunId)).With(envelope?.Run?.Chunk).With(envelope?.Run?.TotalChunks)
            .With(Text.Clean(delivery.SecretName)).With(Headers(delivery), NpgsqlDbType.Jsonb)
            .With(record.DuplicateOf is null ? delivery.Body.GZip : null, NpgsqlDbType.Bytea).With(delivery.Body.Length).With(delivery.Body.Sha256)
            .With(UnknownFields(envelope), NpgsqlDbType.Jsonb)
            .With(record.Status).With(record.DuplicateOf).With(record.ConflictsWith).With(Text.Clean(error));
        AddCounts(batch.BatchCommands[^1], record.Counts).With(now);
    }

    /// <summary>Adds what a replay made of a delivery.</summary>
    public static void AddReplayed(NpgsqlBatch batch, Delivery delivery, DeliveryRecord record, string? error, DateTimeOffset now)
    {
        var envelope = delivery.Envelope;
        var command = batch
            .Add("""
                UPDATE ledger.deliveries SET event_id = $3, event_type = $4, api_version = $5, created_at = $6, observed_at = $7, run_id = $8, chunk = $9,
                    total_chunks = $10, unknown_fields = $11, status = $12, error = $13,
                    rows = $14, applied = $15, unchanged = $16, quarantined = $17, ignored = $18, ignored_reasons = $19, replayed_at = $20
                WHERE received_at = $1 AND id = $2
                """)
            .With(record.ReceivedAt).With(delivery.Id)
            .With(record.EventId).With(Text.Clean(envelope?.Type)).With(Text.Clean(envelope?.ApiVersion)).With(envelope?.CreatedAt).With(envelope?.ObservedAt)
            .With(Text.Identity(envelope?.Run?.RunId)).With(envelope?.Run?.Chunk).With(envelope?.Run?.TotalChunks)
            .With(UnknownFields(envelope), NpgsqlDbType.Jsonb).With(record.Status).With(Text.Clean(error));
        AddCounts(command, record.Counts).With(now);
    }

    /// <summary>Reads a delivery and keeps it from changing; null when it is not there.</summary>
    public static async Task<DeliveryRecord?> LockAsync(NpgsqlConnection connection, DateTimeOffset receivedAt, Guid id, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add($"SELECT {DeliveryRecord.Columns} FROM ledger.deliveries WHERE received_at = $1 AND id = $2 FOR UPDATE").With(receivedAt).With(id);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? DeliveryRecord.Read(reader) : null;
    }

    /// <summary>Adds new counts for a delivery that lets rows out of quarantine.</summary>
    public static void AddRecount(NpgsqlBatch batch, DeliveryRecord record) => AddCounts(
        batch.Add("UPDATE ledger.deliveries SET rows = $3, applied = $4, unchanged = $5, quarantined = $6, ignored = $7, ignored_reasons = $8 WHERE received_at = $1 AND id = $2")
            .With(record.ReceivedAt).With(record.Id),
        record.Counts);

    private static NpgsqlBatchCommand AddCounts(NpgsqlBatchCommand command, RowCounts counts) => command
        .With(counts.Rows).With(counts.Applied).With(counts.Unchanged).With(counts.Quarantined).With(counts.Ignored.Values.Sum())
        .With(JsonSerializer.Serialize(counts.Ignored, LedgerJson.Default.DictionaryStringInt32), NpgsqlDbType.Jsonb);

    private static string Headers(Delivery delivery) => JsonSerializer.Serialize(
        delivery.Headers.ToDictionary(header => Text.Identity(header.Key), header => Text.Clean(header.Value)), LedgerJson.Default.DictionaryStringString);

    private static string UnknownFields(Envelope? envelope) => JsonSerializer.Serialize(
        envelope?.UnknownFields.ToDictionary(field => Text.Identity(field.Key), field => field.Value) ?? [], LedgerJson.Default.DictionaryStringInt32);
}
