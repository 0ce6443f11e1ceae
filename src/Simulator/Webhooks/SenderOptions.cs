namespace Redbark.Sync.Simulator.Webhooks;

/// <summary>When a destination is switched off (spec 3.2; the versions differ).</summary>
public enum AutoDisable
{
    /// <summary>After a single failed batch: the newer rule.</summary>
    AfterOneFailedBatch,

    /// <summary>After five consecutive failing runs: the older rule.</summary>
    AfterFiveFailedRuns,

    /// <summary>Never, for development.</summary>
    Never,
}

/// <summary>How the sender behaves where documents are silent or differ (spec 10, 12).</summary>
public sealed record SenderOptions
{
    /// <summary>Most rows in one request, new and updated together (spec 2.5).</summary>
    public int ChunkSize { get; init; } = 500;

    /// <summary>The wait before each attempt (spec 3.1).</summary>
    public IReadOnlyList<TimeSpan> RetrySchedule { get; init; } =
        [TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(9)];

    /// <summary>How long an answer may take; a guess (spec 3.1).</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Signs each attempt anew; otherwise retries repeat the first timestamp and signature.</summary>
    public bool RefreshTimestamp { get; init; } = true;

    /// <summary>Gives each attempt its own event id; otherwise retries repeat the first body.</summary>
    public bool NewEventIdPerAttempt { get; init; }

    /// <summary>Sends the chunks after a failed one too; otherwise the run ends there.</summary>
    public bool ContinueAfterFailedChunk { get; init; }

    /// <summary><c>new_count</c> and <c>updated_count</c> count the whole run; otherwise the request.</summary>
    public bool CountsPerRun { get; init; }

    /// <summary>Numbers chunks through all events of a run; otherwise from 1 for each event type.</summary>
    public bool ChunksAcrossTypes { get; init; }

    /// <summary>Writes <c>previous_attributes</c> on updated rows.</summary>
    public bool PreviousAttributes { get; init; } = true;

    /// <summary>When the destination is switched off.</summary>
    public AutoDisable AutoDisable { get; init; } = AutoDisable.AfterOneFailedBatch;

    /// <summary>Waits between attempts; null waits on the sender's clock.</summary>
    public Func<TimeSpan, CancellationToken, Task>? Delay { get; init; }
}
