namespace Redbark.Sync.Worker.Quarantine.Decisions;

/// <summary>What a person decided about a row as it was sent.</summary>
internal sealed record RowDecision
{
    /// <summary>The row; see <see cref="BadRow.RowHash"/>.</summary>
    public required Guid RowHash { get; init; }

    /// <summary>The delivery in which it was seen when this was decided.</summary>
    public required Guid DeliveryId { get; init; }

    /// <summary>Its place there.</summary>
    public required int RowIndex { get; init; }

    /// <summary>What it should have said; null when it is dropped.</summary>
    public string? CorrectedJson { get; init; }

    /// <summary>The person, or the key of the token.</summary>
    public string? DecidedBy { get; init; }
    public required DateTimeOffset DecidedAt { get; init; }
    public string? Note { get; init; }

    public bool IsDrop => CorrectedJson is null;
}
