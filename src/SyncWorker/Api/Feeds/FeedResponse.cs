using System.ComponentModel;
using Redbark.Sync.Worker.Feeds;

namespace Redbark.Sync.Worker.Api.Feeds;

/// <summary>A feed, and whether it speaks as usual.</summary>
internal sealed record FeedResponse(
    string Feed,
    DateTime LastDeliveryAt,
    [property: Description("Whether it is quiet for longer than it usually is.")] bool Silent,
    DateTime? SilentSince,
    [property: Description("The quiet after which it counts as silent; null where the settings say off.")] long? SilentAfterSeconds,
    [property: Description("Nine of ten pauses between its deliveries of the last 60 days were no longer; null until there were enough of them.")] long? UsualPauseSeconds,
    [property: Description("When the job watch-silence looked at it.")] DateTime CheckedAt)
{
    public static FeedResponse Of(FeedState state) => new(
        state.Feed,
        state.LastDeliveryAt.UtcDateTime,
        state.SilentSince is not null,
        state.SilentSince?.UtcDateTime,
        (long?)state.SilentAfter?.TotalSeconds,
        (long?)state.UsualPause?.TotalSeconds,
        state.CheckedAt.UtcDateTime);
}
