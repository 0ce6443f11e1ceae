namespace Redbark.Sync.Worker.Scheduling;

/// <summary>A row of <c>ledger.job_runs</c>.</summary>
internal sealed class JobRun
{
    public Guid Id { get; init; }
    public required string Job { get; init; }
    public required string Trigger { get; init; }

    /// <summary>The time of the schedule that it is for; null when somebody asked for it.</summary>
    public DateTimeOffset? DueAt { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public required string Outcome { get; init; }
    public string? Message { get; init; }
    public string? Error { get; init; }
    public required string Worker { get; init; }
}

/// <summary>What set a run off.</summary>
internal static class JobTrigger
{
    public const string Schedule = "schedule";
    public const string Manual = "manual";
    public const string MadeUp = "made-up";
}

/// <summary>How a run ended.</summary>
internal static class JobOutcome
{
    /// <summary>It has not yet.</summary>
    public const string Running = "running";
    public const string Succeeded = "succeeded";
    public const string Failed = "failed";

    /// <summary>The run before it was still going.</summary>
    public const string Skipped = "skipped";

    /// <summary>The worker stopped, or lost the database.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The worker ended without a word.</summary>
    public const string Lost = "lost";
}
