namespace Redbark.Sync.Worker.Feeds;

/// <summary>A row of <c>ledger.feed_states</c>: how a feed usually speaks, and whether it does.</summary>
internal sealed class FeedState
{
    public required string Feed { get; init; }
    public DateTimeOffset LastDeliveryAt { get; init; }

    /// <summary>Nine of ten pauses between its deliveries are no longer than this; null until there were enough of them.</summary>
    public TimeSpan? UsualPause { get; init; }
    public int Pauses { get; init; }

    /// <summary>The quiet after which it counts as silent; null where it is not watched.</summary>
    public TimeSpan? SilentAfter { get; init; }

    /// <summary>Since when it counts as silent.</summary>
    public DateTimeOffset? SilentSince { get; init; }
    public DateTimeOffset CheckedAt { get; init; }
}
