using System.Globalization;
using Redbark.Sync.Hosting;
using Redbark.Sync.Ingress.Telemetry;

namespace Redbark.Sync.Ingress.Journal;

/// <summary>What somebody should know of the journal; the bounds are those of the alert rules.</summary>
internal sealed class JournalConditions(DeliveryJournal journal, IngressMetrics metrics, TimeProvider clock) : IConditionSource
{
    private const double Full = 0.8;

    /// <summary>Fewer free bytes than these on the journal's disk are a condition.</summary>
    public const long LittleDisk = 2L << 30;

    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(5);

    public IReadOnlyCollection<string> Kinds => ["journal", "journal_lag", "journal_full", "disk"];

    public Task<IReadOnlyList<Condition>> ReadAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Condition>>([.. Conditions()]);

    private IEnumerable<Condition> Conditions()
    {
        if (journal.Trouble is { } trouble)
            yield return new("journal", "", $"Deliveries are refused: {trouble.Reason}", "Mend the disk; Redbark does not send again what it was refused for long.", null);
        if (metrics.OldestUnpublished is { } oldest && clock.GetUtcNow() - oldest > LongWait)
            yield return new("journal_lag", "", $"A delivery of {oldest:u} is not in the ledger yet.", "See what the log says of the relay; the delivery waits on disk meanwhile.", oldest);
        if (journal.UnpublishedBytes is var waiting && waiting > Full * journal.MaxBytes)
            yield return new("journal_full", "", Invariant($"{waiting >> 20} of the journal's {journal.MaxBytes >> 20} MiB are not published; at its limit deliveries are refused."), "Mend what holds up the relay, or raise Journal:MaxBytes.", null);
        if (Disk() is { } disk)
            yield return disk;
    }

    private Condition? Disk()
    {
        try
        {
            return journal.FreeBytes is < LittleDisk and var free
                ? new("disk", "", Invariant($"The journal's disk has {free >> 20} MiB left; when it is full deliveries are refused."), "Make room, or shorten Journal:Retention.", null)
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new("disk", "", $"How much room the journal's disk has cannot be found out: {error.Message}", "See that Journal:Directory is there, and its disk.", null);
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
