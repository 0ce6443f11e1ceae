using Npgsql;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances.Store;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Balances.Polling;

/// <summary>
/// Reads the balances of one provider's accounts, then the holdings of its brokerage accounts. Every answer is saved as it comes, so an
/// account, or a provider that stops answering, costs no other account its balance.
/// </summary>
internal sealed partial class PollBalancesJob(
    string name, Func<string, string> defaultCron, IEnumerable<IBalanceProvider> providers, AccountListing listing, AccountLinks links, ConnectionStore connections,
    BalanceStore balances, BalanceMetrics metrics, TimeProvider clock, ILogger<PollBalancesJob> logger) : IScheduledJob
{
    // A window of 24 hours frees a call seconds after the time of yesterday's, and no scheduler is that exact.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly IBalanceProvider? _provider = providers.SingleOrDefault(provider => provider.Name == name);

    public string Id => $"poll-balances-{name}";

    public string Description => $"Reads the balances, and what brokerage accounts hold, from {name}";

    public string DefaultCron => defaultCron(Id);

    public string? DisabledBecause => _provider is null ? $"there is no provider '{name}'" : _provider.DisabledBecause;

    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        var provider = _provider ?? throw new InvalidOperationException(DisabledBecause);
        if (await balances.CountAsync(name, cancellation) == 0)
            await listing.ListAsync(provider, cancellation);
        else
            await links.ResolveAsync(name, cancellation);

        var due = await balances.DueAsync(name, cancellation);
        if (due.Count == 0)
            return await balances.CountAsync(name, cancellation) is var waiting and > 0 ? $"nothing read: it is too early for {Counted.Of(waiting, "account")}" : "nothing read: there are no accounts";

        var tally = new PollTally();
        await ReadBalancesAsync(provider, [.. due.Where(account => !account.IsBrokerage)], tally, cancellation);
        await ReadDeferredAsync(provider, tally, cancellation);
        if (provider is IHoldingsProvider holdings)
            await ReadHoldingsAsync(holdings, [.. due.Where(account => account.IsBrokerage)], tally, cancellation);

        foreach (var (connection, error) in tally.Refused)
            await connections.SaveErrorAsync(name, id => id == connection, error, cancellation);
        await connections.SaveReadableAsync(name, tally.Answering, cancellation);

        if (tally.StoppedBy is { } stop)
            throw new ProviderException(stop.Fault, $"{stop.Message} ({tally})", stop);
        if (tally.IsAllLost)
            throw new ProviderException(tally.FirstError!.Fault, $"{tally.FirstError.Message} ({tally})", tally.FirstError);
        return tally.ToString();
    }

    private async Task ReadBalancesAsync(IBalanceProvider provider, IReadOnlyList<ProviderAccount> accounts, PollTally tally, CancellationToken cancellation) =>
        tally.StoppedBy = await ReadAsync(
            accounts, tally, asked => provider.ReadBalancesAsync(asked, cancellation), reading => (reading.Account, reading.Error), BalanceReading.Of,
            reading => balances.SaveAsync(reading, provider.CacheAge, cancellation));

    private async Task ReadDeferredAsync(IBalanceProvider provider, PollTally tally, CancellationToken cancellation)
    {
        var soon = clock.GetUtcNow() + Patience;
        if (tally.StoppedBy is not null || tally.Deferred.Count == 0 || tally.Deferred.Exists(deferred => deferred.NotBefore > soon))
            return;

        await DelayAsync(tally.Deferred.Max(deferred => deferred.NotBefore), cancellation);
        var again = tally.Deferred.ConvertAll(deferred => deferred.Account);
        tally.ClearDeferred();
        await ReadBalancesAsync(provider, again, tally, cancellation);
    }

    private async Task ReadHoldingsAsync(IHoldingsProvider provider, IReadOnlyList<ProviderAccount> accounts, PollTally tally, CancellationToken cancellation)
    {
        var stop = await ReadAsync(
            accounts, tally, asked => provider.ReadHoldingsAsync(asked, cancellation), reading => (reading.Account, reading.Error),
            (account, error) => HoldingsReading.Of(account, clock.GetUtcNow(), error), reading => balances.SaveAsync(reading, provider.HoldingsCacheAge, cancellation));
        if (stop is not null and not { Fault: ProviderFault.PermissionMissing })
            tally.StoppedBy ??= stop;
    }

    /// <returns>What ended the reading before every account had its answer; those left over have failed with it.</returns>
    private async Task<ProviderException?> ReadAsync<TReading>(
        IReadOnlyList<ProviderAccount> accounts, PollTally tally, Func<IReadOnlyList<ProviderAccount>, IAsyncEnumerable<TReading>> read,
        Func<TReading, (ProviderAccount Account, ProviderException? Error)> parts, Func<ProviderAccount, ProviderException, TReading> failed,
        Func<TReading, Task<ReadingOutcome>> save)
    {
        if (accounts.Count == 0)
            return null;

        var waiting = accounts.ToDictionary(account => (account.ConnectionId, account.ExternalId));
        ProviderException? stop = null;
        try
        {
            await foreach (var reading in read(accounts))
            {
                var (account, _) = parts(reading);
                if (waiting.Remove((account.ConnectionId, account.ExternalId)))
                    await KeepAsync(reading);
                else
                    Log.NotAsked(logger, name, account.ExternalId);
            }
        }
        catch (ProviderException error)
        {
            stop = error;
        }

        var reason = stop ?? new ProviderException(ProviderFault.Protocol, "the provider's answer leaves the account out");
        foreach (var account in waiting.Values)
            await KeepAsync(failed(account, reason));
        return stop;

        async Task KeepAsync(TReading reading)
        {
            var (account, error) = parts(reading);
            ReadingOutcome outcome;
            try
            {
                outcome = await save(reading);
            }
            catch (PostgresException refusal) when (!TransientFaults.IsTransient(refusal))
            {
                // One account's strange answer must not cost the others theirs.
                error = new ProviderException(ProviderFault.Protocol, $"the answer cannot be kept: {refusal.MessageText}", refusal);
                outcome = await save(failed(account, error));
            }

            tally.Add(account, outcome, error);
            metrics.WasRead(name, outcome);
            if (outcome == ReadingOutcome.Failed)
                Log.Failed(logger, name, account.ConnectionId, account.ExternalId, error!.Fault, error.Message);
        }
    }

    private Task DelayAsync(DateTimeOffset until, CancellationToken cancellation)
    {
        var wait = until - clock.GetUtcNow();
        return wait > TimeSpan.Zero ? Task.Delay(wait, clock, cancellation) : Task.CompletedTask;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Provider} {Connection}: account {Account} could not be read ({Fault}): {Problem}")]
        public static partial void Failed(ILogger logger, string provider, string connection, string account, ProviderFault fault, string problem);

        [LoggerMessage(LogLevel.Warning, "{Provider} told of account {Account}, which it was not asked for, or twice; that is not kept")]
        public static partial void NotAsked(ILogger logger, string provider, string account);
    }
}
