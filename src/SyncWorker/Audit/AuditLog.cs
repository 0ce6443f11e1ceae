using System.Collections.Concurrent;
using System.Security.Claims;
using Npgsql;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;

namespace Redbark.Sync.Worker.Audit;

/// <summary>Writes down who did what, in the database and in the log. While the database is away nobody is kept waiting: the log has it, and the database gets it with the next entry. An entry that cannot be stored is no fault of what it tells of, so nothing is thrown for it.</summary>
internal sealed partial class AuditLog(NpgsqlDataSource database, DatabaseReadiness readiness, TimeProvider clock, ILogger<AuditLog> logger)
{
    private const int LongestSubject = 200;
    private const int MostWaiting = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What happened while the database was away; it goes along with what happens next.</summary>
    private readonly ConcurrentQueue<AuditEntry> _waiting = new();

    public Task RecordAsync(HttpContext context, string action, string? subject, string outcome, string? reason = null) =>
        RecordAsync(context, context.User.FindFirstValue(ClaimTypes.Name), action, subject, outcome, reason);

    public async Task RecordAsync(HttpContext context, string? actor, string action, string? subject, string outcome, string? reason = null)
    {
        var now = clock.GetUtcNow();
        var entry = new AuditEntry
        {
            At = now,
            Id = Guid.CreateVersion7(now),
            Actor = actor,
            Action = action,
            Subject = Shown(subject),
            Origin = context.Connection.RemoteIpAddress?.ToString(),
            Outcome = outcome,
            Reason = reason,
        };
        Log.Happened(logger, entry.Actor, entry.Action, entry.Subject, entry.Origin, entry.Outcome, entry.Reason);
        if (!readiness.IsReady)
        {
            Keep([entry], "it is not ready");
            return;
        }

        // Not ended by the client's going away: what was done was done.
        using var limit = new CancellationTokenSource(Patience, clock);
        List<AuditEntry> entries = [.. Kept(), entry];
        try
        {
            await InsertAsync(entries, limit.Token);
        }
        catch (Exception error) when (TransientFaults.IsTransient(error) || error is OperationCanceledException)
        {
            Keep(entries, error.Message);
        }
        catch (Exception error)
        {
            // Whatever it is: what was done was done, and is answered so.
            Log.NotStorable(logger, error);
            Keep(entries, error.Message);
        }
    }

    private async Task InsertAsync(List<AuditEntry> entries, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        foreach (var entry in entries)
        {
            // A clock far ahead must not cost the entry its partition.
            batch.Add("SELECT ledger.ensure_partition('audit', $1)").With(entry.At);
            batch.Add("""
                INSERT INTO ledger.audit (at, id, actor, action, subject, origin, outcome, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                ON CONFLICT (at, id) DO NOTHING
                """)
                .With(entry.At).With(entry.Id).With(entry.Actor).With(entry.Action).With(entry.Subject).With(entry.Origin).With(entry.Outcome).With(entry.Reason);
        }

        await batch.ExecuteAsync(cancellation);
    }

    private void Keep(List<AuditEntry> entries, string problem)
    {
        Log.NotStored(logger, problem);
        foreach (var entry in entries)
        {
            if (_waiting.Count < MostWaiting)
                _waiting.Enqueue(entry);
        }
    }

    private IEnumerable<AuditEntry> Kept()
    {
        while (_waiting.TryDequeue(out var entry))
            yield return entry;
    }

    private static string? Shown(string? subject)
    {
        if (subject is null)
            return null;
        if (subject.Length > LongestSubject)
            subject = subject[..LongestSubject];
        return Text.IsDirty(subject) ? null : subject;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Audit: {Actor} {Action} {Subject} from {Origin}: {Outcome} {Reason}")]
        public static partial void Happened(ILogger logger, string? actor, string action, string? subject, string? origin, string outcome, string? reason);

        [LoggerMessage(LogLevel.Warning, "The audit entry above is not in the database yet, and goes there with the next: {Problem}")]
        public static partial void NotStored(ILogger logger, string problem);

        [LoggerMessage(LogLevel.Error, "The database answers, and did not take an audit entry")]
        public static partial void NotStorable(ILogger logger, Exception error);
    }
}
