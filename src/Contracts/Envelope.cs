namespace Redbark.Sync.Contracts;

/// <summary>The envelope of a webhook body (spec 2.1). Everything but <see cref="Type"/> and <see cref="ObservedAt"/> may be missing.</summary>
public sealed record Envelope
{
    /// <summary>The event id (<c>id</c>), equal to <c>X-Redbark-Delivery-Id</c>.</summary>
    public string? EventId { get; init; }

    /// <summary><c>transactions.synced</c>, <c>trades.synced</c>, or one that is not known here; empty when an unreadable body names none.</summary>
    public required string Type { get; init; }

    /// <summary><c>api_version</c>, such as <c>2026-03-15</c>.</summary>
    public string? ApiVersion { get; init; }

    /// <summary><c>created</c>, as sent; null when missing or not a time.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>
    /// The time that ranks what this delivery says against other deliveries: <see cref="CreatedAt"/>, or the signature's time
    /// where <c>created</c> is missing or lies more than a day after it.
    /// </summary>
    public required DateTimeOffset ObservedAt { get; init; }

    /// <summary>Where this request stands in its sync run; null when the body names no run.</summary>
    public RunChunk? Run { get; init; }

    /// <summary>Names in the body that the parser does not know, with how often each was seen.</summary>
    public IReadOnlyDictionary<string, int> UnknownFields { get; init; } = new Dictionary<string, int>();
}

/// <summary>One request of a sync run (spec 2.1, <c>metadata</c>).</summary>
/// <param name="RunId"><c>sync_run_id</c>.</param>
/// <param name="Chunk">1-based number of this request, or null when not said.</param>
/// <param name="TotalChunks">Number of requests in the run, or null when not said.</param>
/// <param name="NewCount"><c>new_count</c>; whether it counts this request or the whole run is unknown (spec 2.1).</param>
/// <param name="UpdatedCount"><c>updated_count</c>; as <paramref name="NewCount"/>.</param>
public sealed record RunChunk(string RunId, int? Chunk, int? TotalChunks, int? NewCount, int? UpdatedCount);
