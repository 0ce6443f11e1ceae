using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Balances.Polling;

/// <summary>Lists the accounts of all providers. One that fails does not stop the others.</summary>
internal sealed partial class SyncAccountsJob(
    IEnumerable<IBalanceProvider> providers, AccountListing listing, PollTimes times, ILogger<SyncAccountsJob> logger) : IScheduledJob
{
    private readonly List<IBalanceProvider> _providers = [.. providers];

    public string Id => "sync-accounts";

    public string Description => "Lists the connections and accounts of every provider of balances";

    public string DefaultCron => times.Daily(Id);

    public string? DisabledBecause => _providers.Exists(provider => provider.DisabledBecause is null) ? null : "no provider of balances is configured";

    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        var (connections, accounts, failures, isRead) = (0, 0, new List<string>(), false);
        foreach (var provider in _providers.Where(provider => provider.DisabledBecause is null))
        {
            try
            {
                var tally = await listing.ListAsync(provider, cancellation);
                connections += tally.Connections;
                accounts += tally.Accounts;
                failures.AddRange(tally.Failures);
                isRead |= tally.Failures.Count < tally.Connections || tally.Connections == 0;
            }
            catch (Exception error) when (!cancellation.IsCancellationRequested)
            {
                // Whatever it is, the other providers are listed, and the job fails with it in the end.
                Log.Failed(logger, error, provider.Name);
                failures.Add($"{provider.Name}: {error.Message}");
            }
        }

        var result = $"{Counted.Of(connections, "connection")} with {Counted.Of(accounts, "account")} listed{(failures.Count == 0 ? "" : $"; {failures.Count} failed: {string.Join("; ", failures)}")}";
        return isRead ? result : throw new InvalidOperationException(result);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The accounts of {Provider} could not be listed")]
        public static partial void Failed(ILogger logger, Exception error, string provider);
    }
}
