using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Api.Paging;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Api.Feeds;

/// <summary><c>/feeds</c></summary>
internal static class FeedEndpoints
{
    public static void MapFeeds(this RouteGroupBuilder api) =>
        api.MapGet("/feeds", ListAsync).WithTags("Feeds")
            .WithSummary("Lists the feeds that have delivered")
            .WithDescription("With their usual rhythm, and whether they keep it. All of them are on one page.");

    private static async Task<Ok<Page<FeedResponse>>> ListAsync(LedgerDbContext ledger, CancellationToken cancellation)
    {
        var feeds = await ledger.FeedStates.OrderBy(feed => feed.Feed).ToListAsync(cancellation);
        return TypedResults.Ok(new Page<FeedResponse>([.. feeds.Select(FeedResponse.Of)], Next: null));
    }
}
