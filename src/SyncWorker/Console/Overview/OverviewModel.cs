namespace Redbark.Sync.Worker.Console.Overview;

/// <summary>How things stand, read in one go.</summary>
internal sealed record OverviewModel(
    IReadOnlyList<FeedLine> Feeds, IReadOnlyList<ProofLine> Unproved, ProofCounts Proofs, Waiting Waiting, Traffic Traffic);

/// <summary>A feed against its rhythm.</summary>
/// <param name="Feed">Its name.</param>
/// <param name="LastAt">Its newest delivery.</param>
/// <param name="UsualPause">Nine of ten pauses are no longer; null until there were enough of them.</param>
/// <param name="SilentAfter">The quiet after which it is silent; null for never, or not known yet.</param>
/// <param name="SilentSince">Since when it is; null when it is not.</param>
internal sealed record FeedLine(string Feed, DateTimeOffset? LastAt, TimeSpan? UsualPause, TimeSpan? SilentAfter, DateTimeOffset? SilentSince);

/// <summary>Proofs of accounts and securities, by status.</summary>
internal sealed record ProofCounts(long Proved, long Settling, long Drift, long Unknown)
{
    public long All => Proved + Settling + Drift + Unknown;
}

/// <summary>A proof that does not hold.</summary>
internal sealed record ProofLine(
    long AccountId, string? Name, string? Provider, string Subject, string Status, string? Cause, decimal? Drift, string? Currency, DateOnly? Since);

/// <summary>What waits for a person.</summary>
internal sealed record Waiting(
    long Quarantined, long Suggestions, long Parked, long Unreadable, IReadOnlyList<FailedGap> FailedGaps, long OpenGaps,
    IReadOnlyList<BrokenConnection> Connections, IReadOnlyList<EndingConsent> Consents, IReadOnlyList<FailedOperation> Operations, IReadOnlyList<FailedJob> Jobs);

/// <summary>A gap that healing gave up for now.</summary>
internal sealed record FailedGap(long Id, string Kind, DateOnly From, DateOnly To, string? Error);

/// <summary>A connection that cannot be read until a person does something.</summary>
internal sealed record BrokenConnection(string Provider, string ConnectionId, string? Institution, string Status, string? Error, DateTimeOffset Since);

/// <summary>A connection that can be read until its consent ends.</summary>
internal sealed record EndingConsent(string Provider, string ConnectionId, string? Institution, DateTimeOffset? EndsAt);

/// <summary>A replay or backfill that failed within the last seven days, and was not started again since.</summary>
internal sealed record FailedOperation(long Id, string Kind, DateTimeOffset At, string? Error);

/// <summary>A job whose last run failed.</summary>
internal sealed record FailedJob(string Id, DateTimeOffset At, string? Error);

/// <summary>How much comes, and how fast it is in the ledger.</summary>
/// <param name="LastHour">Deliveries of the last hour.</param>
/// <param name="LastDay">Deliveries of the last 24 hours.</param>
/// <param name="Rows">Their rows.</param>
/// <param name="Changed">Rows that entered the ledger or changed it.</param>
/// <param name="MedianLag">From receipt to commit, half of the last hour's deliveries at most; null without any.</param>
/// <param name="LongestLag">The longest of that hour.</param>
/// <param name="Unpublished">Changes whose events are not published yet.</param>
internal sealed record Traffic(long LastHour, long LastDay, long Rows, long Changed, TimeSpan? MedianLag, TimeSpan? LongestLag, long Unpublished);
