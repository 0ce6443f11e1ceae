using System.Diagnostics;
using Npgsql;

namespace Redbark.Sync.Bench.Ledger;

/// <summary>The baseline of the ledger: the rows it holds, copied with COPY into an empty table of the same columns and indexes.</summary>
internal static class CopyBaseline
{
    public static async Task<TimeSpan> MeasureAsync(NpgsqlDataSource database, int rows)
    {
        await RunAsync(database, "DROP TABLE IF EXISTS copied; CREATE TABLE copied (LIKE ledger.transactions INCLUDING ALL EXCLUDING IDENTITY)");
        var lines = await ReadAsync(database, rows);

        await using var connection = await database.OpenConnectionAsync();
        var watch = Stopwatch.StartNew();
        await using (var copy = await connection.BeginRawBinaryCopyAsync("COPY copied FROM STDIN (FORMAT binary)"))
            await copy.WriteAsync(lines);
        return watch.Elapsed;
    }

    /// <summary>The rows in COPY's own binary form, read out beforehand: only PostgreSQL's work is measured.</summary>
    private static async Task<byte[]> ReadAsync(NpgsqlDataSource database, int rows)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var source = await connection.BeginRawBinaryCopyAsync(
            $"COPY (SELECT * FROM ledger.transactions ORDER BY id DESC LIMIT {rows}) TO STDOUT (FORMAT binary)");
        using var buffer = new MemoryStream();
        await source.CopyToAsync(buffer);
        return buffer.ToArray();
    }

    private static async Task RunAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
