using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Retention;

/// <summary>Drops whole months of history once all of it is older than the settings keep it.</summary>
internal sealed class RetentionJob(NpgsqlDataSource database, IOptions<RetentionOptions> options, TimeProvider clock) : IScheduledJob
{
    // Those of accounts that are polled go by themselves; no window of a budget is longer than a day.
    private static readonly TimeSpan CallsAreKept = TimeSpan.FromDays(31);

    /// <summary>How long a drop may wait for who reads the table, as everybody else waits behind it: rather another day than long.</summary>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromSeconds(5);

    public string Id => "retention";

    public string Description => "Removes history that is older than the settings keep it";

    public string DefaultCron => "40 3 * * *";

    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        var done = new List<string>();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        foreach (var (rule, age) in options.Value.Ages)
        {
            if (rule.Delete is not null && age is { } rowsKept && await DeleteAsync(connection, rule.Delete, clock.GetUtcNow() - rowsKept, cancellation) is > 0 and var rows)
                done.Add($"removed {rows} finished {rule.Key.ToLowerInvariant()}");
            foreach (var table in rule.Tables)
            {
                if (age is { } kept)
                    done.AddRange(await DropAsync(connection, table, clock.GetUtcNow() - kept, cancellation));
            }
        }

        if (await DeleteAsync(connection, "DELETE FROM ledger.provider_calls WHERE called_at < $1", clock.GetUtcNow() - CallsAreKept, cancellation) is > 0 and var calls)
            done.Add($"removed {calls} counted calls");
        return done.Count > 0 ? string.Join("; ", done) : $"nothing to remove ({Settings()})";
    }

    private async Task<List<string>> DropAsync(NpgsqlConnection connection, RetentionTable table, DateTimeOffset before, CancellationToken cancellation)
    {
        var done = new List<string>();
        foreach (var partition in await PartitionsAsync(connection, table.Name, cancellation))
        {
            var from = new DateTimeOffset(DateTime.ParseExact(partition[^7..], "yyyy_MM", CultureInfo.InvariantCulture), TimeSpan.Zero);
            if (from.AddMonths(1) > before)
                continue;
            if (table.StillNeeded is not null && await IsNeededAsync(connection, table.StillNeeded, partition, from, cancellation))
            {
                done.Add($"kept {partition}: it holds {table.Because}");
                continue;
            }

            done.Add(await TryDropAsync(connection, partition, cancellation) ? $"removed {partition}" : $"left {partition} to the next run: it is in use");
        }

        return done;
    }

    private async Task<bool> TryDropAsync(NpgsqlConnection connection, string partition, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var drop = new NpgsqlBatch(connection);
        drop.Add($"SET LOCAL lock_timeout = {(int)LongestWait.TotalMilliseconds}");
        drop.Add($"DROP TABLE ledger.{partition}");
        try
        {
            await drop.ExecuteAsync(cancellation);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }

        await transaction.CommitAsync(cancellation);
        return true;
    }

    private static async Task<List<string>> PartitionsAsync(NpgsqlConnection connection, string table, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("""
            SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = to_regclass('ledger.' || quote_ident($1)) AND c.relname ~ '_[0-9]{4}_[0-9]{2}$' ORDER BY c.relname
            """).With(table);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var partitions = new List<string>();
        while (await reader.ReadAsync(cancellation))
            partitions.Add(reader.GetString(0));
        return partitions;
    }

    private static async Task<bool> IsNeededAsync(NpgsqlConnection connection, string sql, string partition, DateTimeOffset from, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add($"SELECT ($1::timestamptz < $2::timestamptz) AND ({sql.Replace("{0}", partition, StringComparison.Ordinal)})").With(from).With(from.AddMonths(1));
        return await batch.ExecuteScalarAsync(cancellation) is true;
    }

    private static async Task<int> DeleteAsync(NpgsqlConnection connection, string sql, DateTimeOffset before, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(sql).With(before);
        return await batch.ExecuteAsync(cancellation);
    }

    private string Settings() => string.Join(", ", options.Value.Ages.Select(age =>
        $"{age.Key.Key} {(age.Value is { } kept ? string.Create(CultureInfo.InvariantCulture, $"{kept.TotalDays:0.#} days") : RetentionOptions.Forever)}"));
}
