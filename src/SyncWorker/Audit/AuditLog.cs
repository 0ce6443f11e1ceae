using System.Security.Claims;
using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;

namespace Redbark.Sync.Worker.Audit;

/// <summary>Writes down who did what, in the database and in the log. While the database is away the log has it alone, and nobody is kept waiting.</summary>
internal sealed partial class AuditLog(NpgsqlDataSource database, DatabaseReadiness readiness, TimeProvider clock, ILogger<AuditLog> logger)
{
    private const int LongestSubject = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public Task RecordAsync(HttpContext context, string action, string? subject, string outcome, string? reason = null) =>
        RecordAsync(context, context.User.FindFirstValue(ClaimTypes.Name), action, subject, outcome, reason);

    public async Task RecordAsync(HttpContext context, string? actor, string action, string? subject, string outcome, string? reason = null)
    {
        var origin = context.Connection.RemoteIpAddress?.ToString();
        subject = Shown(subject);
        Log.Happened(logger, actor, action, subject, origin, outcome, reason);
        if (!readiness.IsReady)
            return;

        // Not ended by the client's going away: what was done was done.
        using var limit = new CancellationTokenSource(Patience, clock);
        try
        {
            await InsertAsync(actor, action, subject, origin, outcome, reason, limit.Token);
        }
        catch (Exception error) when (TransientFaults.IsTransient(error) || error is OperationCanceledException)
        {
            Log.NotStored(logger, action, outcome, error.Message);
        }
    }

    private async Task InsertAsync(string? actor, string action, string? subject, string? origin, string outcome, string? reason, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var batch = database.CreateBatch();
        // A clock far ahead must not cost the entry its partition.
        batch.Add("SELECT ledger.ensure_partition('audit', $1)").With(now);
        batch.Add("INSERT INTO ledger.audit (at, id, actor, action, subject, origin, outcome, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
            .With(now).With(Guid.CreateVersion7(now)).With(actor, NpgsqlDbType.Text).With(action).With(subject).With(origin).With(outcome).With(reason);
        await batch.ExecuteAsync(cancellation);
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

        [LoggerMessage(LogLevel.Warning, "The audit entry above ({Action}, {Outcome}) is not in the database, which does not answer: {Problem}")]
        public static partial void NotStored(ILogger logger, string action, string outcome, string problem);
    }
}
