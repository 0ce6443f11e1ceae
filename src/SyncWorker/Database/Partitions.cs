using Npgsql;

namespace Redbark.Sync.Worker.Database;

/// <summary>The months of the partitioned tables.</summary>
internal sealed class Partitions(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Makes the current month and the three after it.</summary>
    public Task EnsureAheadAsync(CancellationToken cancellation) => EnsureAsync(clock.GetUtcNow(), 3, cancellation);

    /// <summary>Makes the month of <paramref name="at"/>: for a delivery that waited long in a journal, or one replayed.</summary>
    public Task EnsureAsync(DateTimeOffset at, CancellationToken cancellation) => EnsureAsync(at, 0, cancellation);

    /// <summary>True when a row was refused because its month has no partition.</summary>
    public static bool IsMissing(PostgresException error) => error is { SqlState: PostgresErrorCodes.CheckViolation, ConstraintName: null };

    private async Task EnsureAsync(DateTimeOffset at, int ahead, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT ledger.ensure_partitions($1, $2)");
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = at.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = ahead });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
