using Microsoft.Extensions.Primitives;

namespace Redbark.Sync.Ingress.Feeds;

/// <summary>
/// Lets secrets rotate without a restart: reads the feeds again when the configuration changes, and every few seconds for the
/// secret files. Watching files would miss the mounts of Kubernetes, where a directory above the file is exchanged.
/// </summary>
internal sealed class FeedReloader(FeedCatalog feeds, IConfiguration configuration, TimeProvider clock) : BackgroundService
{
    internal static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var changed = new SemaphoreSlim(0);
        using var registration = ChangeToken.OnChange(configuration.GetReloadToken, () => changed.Release());
        while (!stoppingToken.IsCancellationRequested)
        {
            using var tick = new CancellationTokenSource(Every, clock);
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(tick.Token, stoppingToken);
            try
            {
                await changed.WaitAsync(wait.Token);
            }
            catch (OperationCanceledException) when (wait.IsCancellationRequested)
            {
                // Time to look at the files.
            }

            if (!stoppingToken.IsCancellationRequested)
                feeds.Reload();
        }
    }
}
