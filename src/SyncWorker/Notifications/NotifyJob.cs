using Microsoft.Extensions.Options;
using Redbark.Sync.Hosting;
using Redbark.Sync.Worker.Notifications.Channels;
using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Notifications;

/// <summary>
/// Tells people when something begins that they should know of, when it ends, and once a day while it lasts. What a channel did not take
/// is told by the next run, for it alone. A source that fails silences no other.
/// </summary>
internal sealed partial class NotifyJob(
    IEnumerable<IConditionSource> sources, IEnumerable<INoticeChannel> channels, NoticeStore store, IOptions<NotificationOptions> options, TimeProvider clock, ILogger<NotifyJob> logger)
    : IScheduledJob
{
    private readonly List<INoticeChannel> _channels = [.. channels.Where(channel => channel.IsSet)];

    public string Id => "notify";

    public string Description => "Tells people what they should know of, by webhook or mail";

    public string DefaultCron => "*/5 * * * *";

    public string? DisabledBecause => _channels.Count == 0 ? "neither Notifications:WebhookUrl nor Notifications:Smtp:Host is set" : null;

    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        var (told, failed) = (0, new List<string>());
        var (holding, unknown) = await ReadAsync(failed, cancellation);
        foreach (var channel in _channels)
        {
            var now = clock.GetUtcNow();
            await store.BeginAsync(channel.Name, holding, now, cancellation);
            var notices = NoticeDifference.Of(await store.ReadAsync(channel.Name, cancellation), holding, unknown, now, options.Value.RemindEvery);
            if (notices.Count == 0)
                continue;

            var message = new NoticeMessage(now, notices);
            try
            {
                await channel.SendAsync(message, cancellation);
            }
            catch (Exception error) when (!cancellation.IsCancellationRequested)
            {
                Log.NotTaken(logger, error, channel.Name, notices.Count);
                failed.Add($"not sent by {channel.Name}: {error.Message}");
                continue;
            }

            await store.SaveAsync(channel.Name, message, cancellation);
            told += notices.Count;
        }

        return failed.Count == 0
            ? $"{Counted.Of(holding.Count, "condition")}, {Counted.Of(told, "notice")} sent"
            : throw new InvalidOperationException(string.Join("; ", failed));
    }

    /// <summary>What holds, and the kinds of sources that could not say.</summary>
    private async Task<(List<Condition> Holding, HashSet<string> Unknown)> ReadAsync(List<string> failed, CancellationToken cancellation)
    {
        var (holding, unknown) = (new List<Condition>(), new HashSet<string>());
        foreach (var source in sources)
        {
            try
            {
                holding.AddRange(await source.ReadAsync(cancellation));
            }
            catch (Exception error) when (!cancellation.IsCancellationRequested)
            {
                var kinds = string.Join(", ", source.Kinds);
                Log.NotRead(logger, error, kinds);
                failed.Add($"not known of {kinds}: {error.Message}");
                unknown.UnionWith(source.Kinds);
            }
        }

        return (holding, unknown);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Channel {Channel} did not take {Count} notices; they are sent again by the next run")]
        public static partial void NotTaken(ILogger logger, Exception error, string channel, int count);

        [LoggerMessage(LogLevel.Warning, "Whether there is any of {Kinds} cannot be found out; what else there is to tell is told")]
        public static partial void NotRead(ILogger logger, Exception error, string kinds);
    }
}
