using Npgsql;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Scheduling;

/// <summary>
/// The right to run a job, which one worker has at a time: an advisory lock that PostgreSQL lets go of with the connection, so that
/// a worker that ends without a word does not keep it.
/// </summary>
internal sealed class JobLock : IAsyncDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    private readonly string _job;

    private JobLock(NpgsqlConnection connection, string job) => (Connection, _job) = (connection, job);

    /// <summary>The connection that holds it. Not for two at a time.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>Takes the lock; null while another has it.</summary>
    public static async Task<JobLock?> TryTakeAsync(NpgsqlDataSource database, string job, CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        try
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.Add("SELECT pg_try_advisory_lock(hashtextextended('ledger.job ' || $1, 0))").With(job);
            if (await batch.ExecuteScalarAsync(cancellation) is true)
                return new JobLock(connection, job);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Looks after the connection until it is lost.</summary>
    /// <returns>What became of it.</returns>
    public async Task<Exception> WatchAsync(TimeProvider clock, CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(BetweenLooks, clock, cancellation);
            try
            {
                await using var look = new NpgsqlCommand("SELECT 1", Connection);
                // Not cancelled on the way, which would leave the connection in doubt.
                await look.ExecuteNonQueryAsync(CancellationToken.None);
            }
            catch (NpgsqlException error)
            {
                return error;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (Connection.FullState == System.Data.ConnectionState.Open)
            {
                await using var batch = new NpgsqlBatch(Connection);
                batch.Add("SELECT pg_advisory_unlock(hashtextextended('ledger.job ' || $1, 0))").With(_job);
                await batch.ExecuteAsync(CancellationToken.None);
            }
        }
        catch (NpgsqlException)
        {
            // The connection is gone, and the lock with it.
        }

        await Connection.DisposeAsync();
    }
}
