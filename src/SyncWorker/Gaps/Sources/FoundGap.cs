namespace Redbark.Sync.Worker.Gaps.Sources;

/// <summary>A window in which rows may be missing, as it was found.</summary>
internal sealed record FoundGap
{
    public required string Kind { get; init; }

    /// <summary>See <see cref="Schema.Gap.Key"/>.</summary>
    public required string Key { get; init; }
    public long? AccountId { get; init; }
    public string? Feed { get; init; }
    public string? RunId { get; init; }
    public string? Type { get; init; }
    public int[] MissingChunks { get; init; } = [];
    public required DateOnly From { get; init; }
    public required DateOnly To { get; init; }
    public decimal? Amount { get; init; }

    /// <summary>See <see cref="Schema.Gap.AsOf"/>.</summary>
    public required DateTimeOffset AsOf { get; init; }
}
