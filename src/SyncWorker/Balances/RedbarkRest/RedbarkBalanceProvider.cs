using System.Runtime.CompilerServices;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Wire.Rest;

namespace Redbark.Sync.Worker.Balances.RedbarkRest;

/// <summary>Redbark's own balances and holdings, by REST v1 (spec 5.4).</summary>
internal sealed partial class RedbarkBalanceProvider(RedbarkAccess access, TimeProvider clock, ILogger<RedbarkBalanceProvider> logger)
    : IBalanceProvider, IHoldingsProvider
{
    public const string ProviderName = "redbark";

    /// <summary>The status of a connection that Redbark does not list (any more), though its accounts are.</summary>
    public const string NotListed = "not_listed";

    public string Name => ProviderName;

    public string? DisabledBecause => access.DisabledBecause;

    public TimeSpan CacheAge => RedbarkClient.BalancesAge;

    public TimeSpan HoldingsCacheAge => RedbarkClient.HoldingsAge;

    public async IAsyncEnumerable<ConnectionListing> ListAccountsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var connections = await access.Client.ReadConnectionsAsync(cancellation);
        var accounts = await access.Client.ReadAccountsAsync(cancellation);
        foreach (var row in connections.Unusable)
            Log.Unusable(logger, "connection", row.Id, row.Detail);
        foreach (var row in accounts.Unusable)
            Log.Unusable(logger, "account", row.Id, row.Detail);

        var byConnection = accounts.Rows.ToLookup(account => account.ConnectionId, StringComparer.Ordinal);
        foreach (var connection in connections.Rows)
        {
            yield return new ConnectionListing(
                connection.Id, connection.InstitutionName, connection.Status ?? "unknown",
                [.. byConnection[connection.Id].Select(account => Account(account, connection))]);
        }

        foreach (var orphans in byConnection.Where(group => connections.Rows.All(connection => connection.Id != group.Key)))
            yield return new ConnectionListing(orphans.Key, orphans.First().InstitutionName, NotListed, [.. orphans.Select(account => Account(account, null))]);
    }

    public async IAsyncEnumerable<BalanceReading> ReadBalancesAsync(IReadOnlyList<ProviderAccount> accounts, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // One brokerage id would fail the whole call (spec 5.4).
        foreach (var account in accounts.Where(account => account.IsBrokerage))
            yield return BalanceReading.Of(account, new ProviderException(ProviderFault.Unsupported, "a brokerage account has holdings, not a balance") { ReachedProvider = false });

        var banking = accounts.Where(account => !account.IsBrokerage).ToList();
        var failed = new List<BalanceReading>();
        await foreach (var reading in ReadAsync(banking, cancellation))
        {
            if (reading.Error is { Fault: ProviderFault.Transient, ReachedProvider: true })
                failed.Add(reading);
            else
                yield return reading;
        }

        // A bank that does not answer may have cost the others theirs: each connection has a call of its own then.
        var connections = failed.GroupBy(reading => reading.Account.ConnectionId, StringComparer.Ordinal).ToList();
        foreach (var connection in connections)
        {
            if (connections.Count == 1)
            {
                foreach (var reading in connection)
                    yield return reading;
                continue;
            }

            await foreach (var reading in ReadAsync([.. connection.Select(reading => reading.Account)], cancellation))
                yield return reading;
        }
    }

    public async IAsyncEnumerable<HoldingsReading> ReadHoldingsAsync(IReadOnlyList<ProviderAccount> accounts, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var account in accounts)
            yield return await ReadHoldingsAsync(account, cancellation);
    }

    private async Task<HoldingsReading> ReadHoldingsAsync(ProviderAccount account, CancellationToken cancellation)
    {
        try
        {
            var read = await access.Client.ReadHoldingsAsync(account.ConnectionId, account.ExternalId, cancellation);
            // A holding that is left out would look like one that was sold.
            if (read.Unusable is [var row, ..])
                throw new ProviderException(ProviderFault.Protocol, $"a holding cannot be used: {row.Detail}");
            return HoldingsReading.Of(account, clock.GetUtcNow(), [.. read.Rows.Select(Holding)]);
        }
        catch (ProviderException error)
        {
            return HoldingsReading.Of(account, clock.GetUtcNow(), error);
        }
    }

    private async IAsyncEnumerable<BalanceReading> ReadAsync(IReadOnlyList<ProviderAccount> accounts, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var byId = accounts.ToLookup(account => account.ExternalId, StringComparer.OrdinalIgnoreCase);
        await foreach (var result in access.Client.ReadBalancesAsync(accounts.Select(account => account.ExternalId), cancellation))
        {
            foreach (var account in byId[result.AccountId])
                yield return result.Balance is { } balance ? RedbarkBalances.Reading(account, balance, clock.GetUtcNow()) : BalanceReading.Of(account, result.Error!);
        }
    }

    private static ProviderAccount Account(RestAccount account, RestConnection? connection) => new(
        ProviderName, account.ConnectionId, account.Id, account.Name, account.Type, account.Currency, connection?.IsBrokerage is true,
        account.Provider ?? connection?.Provider);

    private static Holding Holding(RestHolding row) =>
        new(row.Symbol, row.Name, row.Quantity, row.Currency, row.AveragePrice, row.CurrentPrice, row.MarketValue, row.RawJson);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Redbark lists a {Kind} that cannot be used ({Id}): {Detail}")]
        public static partial void Unusable(ILogger logger, string kind, string? id, string detail);
    }
}
