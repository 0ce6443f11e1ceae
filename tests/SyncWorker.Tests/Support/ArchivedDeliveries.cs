namespace Redbark.Sync.Worker.Tests.Support;

/// <summary>Deliveries in the archive of which only the feed, the time and the status matter.</summary>
internal static class ArchivedDeliveries
{
    public static Task AddAsync(WorkerUnderTest worker, string feed, DateTimeOffset at, string status = "applied") => AddAsync(worker, feed, [at], status);

    public static async Task AddAsync(WorkerUnderTest worker, string feed, IReadOnlyList<DateTimeOffset> times, string status = "applied")
    {
        await using var command = worker.Database.CreateCommand("""
            WITH months AS MATERIALIZED (SELECT count(ledger.ensure_partitions(at, 0)) AS n FROM unnest($2) AS t (at))
            INSERT INTO ledger.deliveries (received_at, id, feed, time_zone, signed_at, secret_name, headers, body, body_length, body_sha256, unknown_fields, status,
                rows, applied, unchanged, quarantined, ignored, ignored_reasons, recorded_at)
            SELECT at, gen_random_uuid(), $1, 'UTC', at, 's', '{}', ''::bytea, 0, '', '{}', $3, 0, 0, 0, 0, 0, '{}', at FROM unnest($2) AS t (at), months
            """);
        command.Parameters.Add(new() { Value = feed });
        command.Parameters.Add(new() { Value = times.Select(time => time.UtcDateTime).ToArray() });
        command.Parameters.Add(new() { Value = status });
        await command.ExecuteNonQueryAsync();
    }
}
