using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Telemetry;

namespace Redbark.Sync.Worker.Outbox;

/// <summary>
/// Publishes what was committed, at least once: an entry goes only after its events are safe, in the transaction that read it. Several
/// workers relay at once, each its own entries.
/// </summary>
internal sealed partial class OutboxRelay(
    NpgsqlDataSource database, DatabaseReadiness readiness, IEventPublisher publisher, OutboxSignal signal, WorkerMetrics metrics, TimeProvider clock,
    ILogger<OutboxRelay> logger) : BackgroundService
{
    private const int EntriesAtOnce = 20;

    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>Publishes one batch of entries.</summary>
    /// <returns>Whether more may be waiting.</returns>
    public async Task<bool> RelayAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var entries = await TakeAsync(connection, cancellation);
        if (entries.Count == 0)
            return false;

        if (publisher.HasAudience)
        {
            foreach (var entry in entries)
            {
                var events = await OutboxEvents.ReadAsync(connection, entry, cancellation);
                if (events.Count < entry.Ids.Length)
                    Log.Missing(logger, entry.Ids.Length - events.Count, entry.Id);
                await publisher.PublishAsync(events, cancellation);
                metrics.EventsPublished(events.Count, clock.GetUtcNow() - entry.RecordedAt);
            }
        }

        await using var batch = new NpgsqlBatch(connection);
        batch.Add("DELETE FROM ledger.outbox WHERE id = ANY ($1)").WithEach(entries, entry => entry.Id, NpgsqlDbType.Bigint);
        await batch.ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return entries.Count == EntriesAtOnce;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.WaitAsync(stoppingToken);
        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                if (!await RelayAsync(stoppingToken))
                    await signal.WaitAsync(LookAnyway, clock, stoppingToken);
                failures = 0;
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is, the entries are still there, and nothing else can be done with them than to try again.
                Log.Failed(logger, error, ++failures);
                await Task.Delay(Backoff.After(failures, LongestWait), clock, stoppingToken);
            }
        }
    }

    private static async Task<List<OutboxEntry>> TakeAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("SELECT id, subject, ids, revisions, type, content::text, recorded_at FROM ledger.outbox ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED").With(EntriesAtOnce);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var entries = new List<OutboxEntry>();
        while (await reader.ReadAsync(cancellation))
        {
            entries.Add(new OutboxEntry(reader.GetInt64(0), reader.GetString(1), reader.GetFieldValue<long[]>(2), reader.GetFieldValue<int[]>(3),
                reader.Value<string>(4), reader.Value<string>(5), reader.GetFieldValue<DateTimeOffset>(6)));
        }

        return entries;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Events could not be published (attempt {Attempt}); they wait in the outbox")]
        public static partial void Failed(ILogger logger, Exception error, int attempt);

        [LoggerMessage(LogLevel.Warning, "{Count} versions that outbox entry {Entry} names are gone from the history; their events are not published")]
        public static partial void Missing(ILogger logger, int count, long entry);
    }
}
