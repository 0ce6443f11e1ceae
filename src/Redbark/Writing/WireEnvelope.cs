namespace Redbark.Sync.Wire;

/// <summary>A webhook body as the sender writes it (spec 2.1).</summary>
public sealed record WireEnvelope
{
    /// <summary><c>id</c>, a UUID, equal to <see cref="WebhookHeaders.DeliveryId"/>.</summary>
    public required string Id { get; init; }

    /// <summary><c>type</c>; see <see cref="EventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary><c>api_version</c>.</summary>
    public string ApiVersion { get; init; } = "2026-03-15";

    /// <summary><c>created</c>: Unix seconds.</summary>
    public required long Created { get; init; }

    /// <summary><c>data.new</c>.</summary>
    public IReadOnlyList<IWireRow> New { get; init; } = [];

    /// <summary><c>data.updated</c>.</summary>
    public IReadOnlyList<IWireRow> Updated { get; init; } = [];

    /// <summary><c>metadata</c>; left out when null.</summary>
    public WireMetadata? Metadata { get; init; }
}

/// <summary><c>metadata</c> of a webhook body. Whether the counts are of this request or of the whole run is the caller's choice (spec 2.1).</summary>
/// <param name="SyncRunId"><c>sync_run_id</c>.</param>
/// <param name="NewCount"><c>new_count</c>.</param>
/// <param name="UpdatedCount"><c>updated_count</c>.</param>
/// <param name="Chunk"><c>chunk</c>, 1-based.</param>
/// <param name="TotalChunks"><c>total_chunks</c>.</param>
public sealed record WireMetadata(string? SyncRunId, int NewCount, int UpdatedCount, int Chunk = 1, int TotalChunks = 1);
