using Microsoft.Extensions.Options;

namespace Redbark.Sync.Ingress.Feeds;

/// <summary>The feeds as they are configured at the moment.</summary>
internal sealed partial class FeedCatalog
{
    private readonly IConfiguration _configuration;
    private readonly ILogger<FeedCatalog> _logger;
    private volatile FeedSet _feeds;
    private string _complaint = "";

    /// <exception cref="OptionsValidationException">The feeds are not usable; the message says why.</exception>
    public FeedCatalog(IConfiguration configuration, ILogger<FeedCatalog> logger)
    {
        (_configuration, _logger) = (configuration, logger);
        var (feeds, problems) = FeedReader.Read(configuration);
        _feeds = feeds ?? throw new OptionsValidationException(FeedReader.Section, typeof(FeedSet), problems);
        LogFeeds();
    }

    /// <returns>The feed, or null when there is none of this name.</returns>
    public Feed? Find(string name) => _feeds.ByName.GetValueOrDefault(name);

    /// <summary>Reads configuration and secret files again. What is not usable changes nothing: the feeds stay as they were.</summary>
    public void Reload()
    {
        var (feeds, problems) = FeedReader.Read(_configuration);
        var complaint = string.Join(' ', problems);
        if (feeds is null && complaint != _complaint)
            Log.Kept(_logger, complaint);
        _complaint = complaint;
        if (feeds is null || feeds.Fingerprint == _feeds.Fingerprint)
            return;
        _feeds = feeds;
        LogFeeds();
    }

    private void LogFeeds()
    {
        foreach (var feed in _feeds.ByName.Values)
            Log.Active(_logger, feed.Name, feed.TimeZone, string.Join(", ", feed.Secrets));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Feed {Feed} ({TimeZone}) accepts {Secrets}")]
        public static partial void Active(ILogger logger, string feed, string timeZone, string secrets);

        [LoggerMessage(LogLevel.Error, "The feeds stay as they were, because what is configured now is not usable: {Problems}")]
        public static partial void Kept(ILogger logger, string problems);
    }
}
