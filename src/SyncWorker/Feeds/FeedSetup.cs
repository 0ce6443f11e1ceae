using Microsoft.Extensions.Options;
using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Feeds;

/// <summary>Watches over the feeds.</summary>
internal static class FeedSetup
{
    public static WebApplicationBuilder AddFeeds(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<SilenceOptions>().Configure<IConfiguration>(SilenceOptions.Read).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SilenceOptions>, SilenceOptionsValidator>();
        builder.Services.AddJob<WatchSilenceJob>();
        return builder;
    }
}
