using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Scheduling;

/// <summary>What is written to and asked of <c>ledger.job_runs</c>.</summary>
internal static class JobRunTable
{
    private static readonly string ServedOne = Served("$1", "$2");
    private static readonly string ServedEach = Served("due.job", "due.at");

    /// <summary>Whether a run served that time of the schedule, or does so now.</summary>
    public static async Task<bool> IsServedAsync(NpgsqlConnection connection, string job, DateTimeOffset due, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add($"SELECT {ServedOne}").With(job).With(due);
        return await batch.ExecuteScalarAsync(cancellation) is true;
    }

    /// <summary>Of these jobs with their last times, those whose time no run served.</summary>
    public static async Task<List<string>> UnservedAsync(
        NpgsqlDataSource database, IReadOnlyList<(string Job, DateTimeOffset Due)> times, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add($"SELECT due.job FROM unnest($1, $2) AS due (job, at) WHERE NOT {ServedEach}")
            .WithEach(times, time => time.Job, NpgsqlDbType.Text)
            .WithEach(times, time => time.Due.UtcDateTime, NpgsqlDbType.TimestampTz);
        return await NamesAsync(batch, cancellation);
    }

    /// <summary>The jobs with a run that has not finished, as far as is known.</summary>
    public static async Task<List<string>> UnfinishedAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("SELECT DISTINCT job FROM ledger.job_runs WHERE outcome = 'running'");
        return await NamesAsync(batch, cancellation);
    }

    /// <summary>Whoever has the job's lock knows: no run of it goes on.</summary>
    /// <returns>How many runs were lost.</returns>
    public static async Task<int> MarkLostAsync(NpgsqlConnection connection, string job, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("""
            UPDATE ledger.job_runs SET outcome = 'lost', finished_at = $2, error = format('The worker %s ended, or lost the database, before it could say how the run went.', worker)
            WHERE job = $1 AND outcome = 'running'
            """).With(job).With(now);
        return await batch.ExecuteAsync(cancellation);
    }

    public static async Task BeginAsync(NpgsqlConnection connection, JobRun run, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("""
            INSERT INTO ledger.job_runs (started_at, id, job, trigger, due_at, finished_at, outcome, error, worker) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """).With(run.StartedAt).With(run.Id).With(run.Job).With(run.Trigger).With(run.DueAt).With(run.FinishedAt).With(run.Outcome).With(run.Error).With(run.Worker);
        await batch.ExecuteAsync(cancellation);
    }

    public static async Task FinishAsync(
        NpgsqlDataSource database, JobRun run, DateTimeOffset at, string outcome, string? message, string? error, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("UPDATE ledger.job_runs SET finished_at = $3, outcome = $4, message = $5, error = $6 WHERE started_at = $1 AND id = $2")
            .With(run.StartedAt).With(run.Id).With(at).With(outcome).With(message).With(error);
        await batch.ExecuteAsync(cancellation);
    }

    // A run that was cut short by an orderly stop did not serve its time. One that took its worker along is tried once more, not for ever.
    private static string Served(string job, string at)
    {
        var runs = $"FROM ledger.job_runs r WHERE r.job = {job} AND r.started_at >= {at} - interval '1 day' AND (r.started_at >= {at} OR r.due_at >= {at})";
        return $"(EXISTS (SELECT {runs} AND r.outcome IN ('running', 'succeeded', 'failed', 'skipped')) OR (SELECT count(*) {runs} AND r.outcome = 'lost') >= 2)";
    }

    private static async Task<List<string>> NamesAsync(NpgsqlBatch batch, CancellationToken cancellation)
    {
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellation))
            names.Add(reader.GetString(0));
        return names;
    }
}
