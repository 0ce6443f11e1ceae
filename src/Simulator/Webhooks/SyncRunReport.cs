namespace Redbark.Sync.Simulator.Webhooks;

/// <summary>How a run ended.</summary>
public enum RunOutcome
{
    /// <summary>Every chunk was answered 2xx.</summary>
    Delivered,

    /// <summary>A chunk failed.</summary>
    Failed,

    /// <summary>There was nothing new; nothing was sent (spec 3.4).</summary>
    NothingToSend,

    /// <summary>The destination is disabled; nothing was sent.</summary>
    Disabled,
}

/// <summary>How a chunk ended.</summary>
public enum ChunkOutcome
{
    /// <summary>Answered 2xx; its rows are recorded.</summary>
    Delivered,

    /// <summary>Given up; its rows come again as new.</summary>
    Failed,

    /// <summary>Recorded but never sent, by <see cref="SyncFaults.Drop"/>.</summary>
    Dropped,

    /// <summary>Not sent, because a chunk before it failed.</summary>
    NotSent,
}

/// <summary>One chunk of a run.</summary>
/// <param name="Type">Event type.</param>
/// <param name="Chunk">1-based, as in the body's metadata.</param>
/// <param name="TotalChunks">As in the metadata.</param>
/// <param name="New">Rows in <c>data.new</c>.</param>
/// <param name="Updated">Rows in <c>data.updated</c>.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Attempts">Every POST, in order.</param>
public sealed record ChunkReport(
    string Type, int Chunk, int TotalChunks, int New, int Updated, ChunkOutcome Outcome, IReadOnlyList<DeliveryAttempt> Attempts);

/// <summary>What a sync run did.</summary>
/// <param name="RunId"><c>sync_run_id</c>.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Chunks">In the order in which they were sent.</param>
/// <param name="DestinationEnabled">False when the destination is off after it.</param>
public sealed record SyncRunReport(string RunId, RunOutcome Outcome, IReadOnlyList<ChunkReport> Chunks, bool DestinationEnabled)
{
    /// <summary>Rows answered 2xx.</summary>
    public int RowsDelivered => Chunks.Where(chunk => chunk.Outcome == ChunkOutcome.Delivered).Sum(chunk => chunk.New + chunk.Updated);
}
