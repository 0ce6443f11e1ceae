using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Outbox;
using Redbark.Sync.Worker.Reconciliation.Proof;

namespace Redbark.Sync.Worker.Reconciliation.Store;

/// <summary>One proof to be kept.</summary>
internal sealed record KeptProof(ProofSubject Subject, string Symbol, ProofReport Report, bool OpeningKnown);

/// <summary>Writes what the proof says, tells of drift that begins or ends, and keeps how it changed.</summary>
internal static class ReconciliationStore
{
    /// <returns>Whether there is an event to publish.</returns>
    public static async Task<bool> SaveAsync(
        NpgsqlConnection connection, long accountId, IReadOnlyList<KeptProof> proofs, DateTimeOffset now, CancellationToken cancellation)
    {
        var before = await ReadAsync(connection, accountId, cancellation);
        await using var batch = new NpgsqlBatch(connection);
        var told = false;
        foreach (var proof in proofs)
        {
            var was = before.GetValueOrDefault((proof.Subject.ProviderAccountId, proof.Symbol));
            var line = new Line(Words.Of(proof.Report.Status), CauseOf(proof.Report), proof.Report.Drift, was?.Announced);
            var happened = Tell(proof, line, was, now);
            if (happened is not null)
                Announcements.Add(batch, happened, now);
            told |= happened is not null;
            var announced = happened switch { DriftDetected => line.Drift, DriftCleared => null, _ => was?.Announced };
            AddUpsert(batch, proof, line with { Announced = announced }, Same(line, was), now);
        }

        foreach (var (providerAccountId, symbol) in before.Keys.Except(proofs.Select(proof => (proof.Subject.ProviderAccountId, proof.Symbol))))
        {
            batch.Add("DELETE FROM ledger.reconciliations WHERE account_id = $1 AND provider_account_id = $2 AND subject = $3")
                .With(accountId).With(providerAccountId).With(symbol);
        }

        await batch.ExecuteAsync(cancellation);
        return told;
    }

    private static async Task<Dictionary<(long ProviderAccountId, string Symbol), Line>> ReadAsync(
        NpgsqlConnection connection, long accountId, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        // The lock keeps two proofs of one account apart.
        batch.Add("SELECT pg_advisory_xact_lock(hashtextextended('ledger.reconciliations', $1))").With(accountId);
        batch.Add("SELECT provider_account_id, subject, status, cause, drift, announced FROM ledger.reconciliations WHERE account_id = $1").With(accountId);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        var lines = new Dictionary<(long, string), Line>();
        while (await reader.ReadAsync(cancellation))
        {
            lines.Add((reader.GetInt64(0), reader.GetString(1)),
                new Line(reader.GetString(2), reader.Value<string>(3), reader.Number<decimal>(4), reader.Number<decimal>(5)));
        }

        return lines;
    }

    private static IWorkerEvent? Tell(KeptProof proof, Line line, Line? was, DateTimeOffset now)
    {
        var (report, currency) = (proof.Report, proof.Symbol.Length > 0 ? proof.Symbol : proof.Subject.Currency ?? "");
        return (report.Status, was?.Announced) switch
        {
            (ProofStatus.Drift, var announced) when announced != report.Drift => new DriftDetected(
                Guid.CreateVersion7(now), now, proof.Subject.AccountId, new Money(report.Expected!.Value, currency), new Money(report.Actual!.Value, currency),
                new Money(report.Drift!.Value, currency), report.Findings[0].Since ?? DateOnly.FromDateTime(report.ObservedAt!.Value.UtcDateTime), line.Cause!),
            (ProofStatus.Proved, { } announced) => new DriftCleared(Guid.CreateVersion7(now), now, proof.Subject.AccountId, new Money(announced, currency)),
            _ => null,
        };
    }

    private static void AddUpsert(NpgsqlBatch batch, KeptProof proof, Line line, bool same, DateTimeOffset now)
    {
        var (subject, report) = (proof.Subject, proof.Report);
        batch
            .Add("""
                INSERT INTO ledger.reconciliations AS r (account_id, provider_account_id, subject, status, cause, currency, opening, opening_known, expected, actual,
                    drift, since, observed_at, proved_at, findings, checked_at, changed_at, announced)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, $17)
                ON CONFLICT (account_id, provider_account_id, subject) DO UPDATE SET status = excluded.status, cause = excluded.cause, currency = excluded.currency,
                    opening = excluded.opening, opening_known = excluded.opening_known, expected = excluded.expected, actual = excluded.actual,
                    drift = excluded.drift, since = excluded.since, observed_at = excluded.observed_at, proved_at = excluded.proved_at, findings = excluded.findings,
                    checked_at = excluded.checked_at, announced = excluded.announced,
                    changed_at = CASE WHEN $18 THEN r.changed_at ELSE excluded.changed_at END
                """)
            .With(subject.AccountId).With(subject.ProviderAccountId).With(proof.Symbol).With(line.Status).With(line.Cause).With(subject.Currency)
            .With(report.Opening).With(proof.OpeningKnown, NpgsqlDbType.Boolean).With(report.Expected).With(report.Actual).With(report.Drift)
            .With<object>(report.Findings is [{ Since: { } since }, ..] ? since : DBNull.Value, NpgsqlDbType.Date).With(report.ObservedAt).With(report.ProvedAt)
            .With(Finding.Write(report.Findings), NpgsqlDbType.Jsonb).With(now).With(line.Announced).With(same, NpgsqlDbType.Boolean);
        if (!same)
        {
            batch
                .Add("INSERT INTO ledger.reconciliation_changes (changed_at, account_id, provider_account_id, subject, status, cause, drift) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING")
                .With(now).With(subject.AccountId).With(subject.ProviderAccountId).With(proof.Symbol).With(line.Status).With(line.Cause).With(line.Drift);
        }
    }

    private static bool Same(Line line, Line? was) => was is not null && (was.Status, was.Cause, was.Drift) == (line.Status, line.Cause, line.Drift);

    private static string? CauseOf(ProofReport report) => report.Findings is [{ Cause: var cause }, ..] ? Words.Of(cause) : null;

    private sealed record Line(string Status, string? Cause, decimal? Drift, decimal? Announced);
}
