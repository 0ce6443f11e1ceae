using Redbark.Sync.Wire.Http;

namespace Redbark.Sync.Wire.Rest;

/// <summary>
/// Reads REST v1 (spec 5). Keeps to Redbark's limits by waiting, asks again where that helps, and tells of everything else by a
/// <see cref="ProviderException"/>. For use by several callers at once: they share the limits.
/// </summary>
/// <param name="http">Calls Redbark, and no other host; disposed with the client.</param>
/// <param name="options">The key and the limits.</param>
/// <param name="clock">The time.</param>
public sealed class RedbarkClient(ProviderHttp http, RedbarkClientOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>How old the cache in front of <c>/v1/transactions</c> and <c>/v1/trades</c> may be (spec 5.1).</summary>
    public static readonly TimeSpan TransactionsAge = TimeSpan.FromMinutes(30);

    /// <summary>How old the cache in front of <c>/v1/balances</c> may be (spec 5.1).</summary>
    public static readonly TimeSpan BalancesAge = TimeSpan.FromMinutes(5);

    /// <summary>How old the cache in front of <c>/v1/holdings</c> may be (spec 5.1).</summary>
    public static readonly TimeSpan HoldingsAge = TimeSpan.FromMinutes(10);

    /// <summary>As many rows of <c>/v1/transactions</c> or <c>/v1/trades</c> as one call reads (spec 5.4).</summary>
    public const int RowsPerPage = 500;

    private const int AccountsPerPage = 200;
    private const int LongestTradesWindow = 366;

    // Twelve halvings take the seven years that a bank's history may have (spec 6.2) down to single days.
    private const int MostHalvings = 12;

    private readonly RestCalls _calls = new(http, options, clock);

    /// <summary>Set once an answer said that the API is on its way out.</summary>
    public RestDeprecation? Deprecation => _calls.Deprecation;

    /// <summary>Reads <c>/v1/connections</c>.</summary>
    /// <exception cref="ProviderException">They cannot be read.</exception>
    public async Task<RestRead<RestConnection>> ReadConnectionsAsync(CancellationToken cancellation)
    {
        var rows = new RowSet<RestConnection>(new ConnectionReader(), _ => true);
        using var answer = await _calls.GetAsync(RestTier.Cheap, "/v1/connections", [], TimeSpan.Zero, cancellation);
        rows.Add(answer);
        return rows.ToRead();
    }

    /// <summary>Reads <c>/v1/accounts</c>, of every connection.</summary>
    /// <exception cref="ProviderException">They cannot be read.</exception>
    public async Task<RestRead<RestAccount>> ReadAccountsAsync(CancellationToken cancellation)
    {
        var rows = new RowSet<RestAccount>(new RestAccountReader(), _ => true);
        await Pages.WalkAsync(
            offset => _calls.GetAsync(RestTier.Cheap, "/v1/accounts", [("limit", $"{AccountsPerPage}"), ("offset", $"{offset}")], TimeSpan.Zero, cancellation),
            AccountsPerPage, rows, mayStop: false);
        return rows.ToRead();
    }

    /// <summary>
    /// Reads <c>/v1/balances</c>. Redbark fails a call for one bad id in it (spec 5.4), so a refused call is halved until the good ones
    /// are read and each bad one has an error of its own.
    /// </summary>
    /// <param name="accountIds">Accounts that are not brokerage; one that is named twice is read once.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <returns>Exactly one element an account, as the answers come.</returns>
    public IAsyncEnumerable<RestBalanceResult> ReadBalancesAsync(IEnumerable<string> accountIds, CancellationToken cancellation) =>
        new BalanceCalls(_calls, clock).ReadAsync(accountIds, cancellation);

    /// <summary>
    /// Reads <c>/v1/transactions</c> of one account. A window with more rows than a request can reach is halved, down to single days.
    /// </summary>
    /// <exception cref="ProviderException">They cannot be read; none of them is returned then.</exception>
    public async Task<RestRead<RestTransaction>> ReadTransactionsAsync(RestTransactionQuery query, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.From, query.To);
        var rows = new RowSet<RestTransaction>(new RestTransactionReader(), row => SameId(row.AccountId, query.AccountId));
        await ReadWindowAsync(query.From, query.To, MostHalvings, rows, (from, to, offset) => GetTransactionsAsync(query with { From = from, To = to }, offset, RowsPerPage, cancellation));
        return rows.ToRead();
    }

    /// <summary>Asks how many transactions there are, without reading them.</summary>
    /// <returns>Null when Redbark does not know, or not exactly (spec 5.3).</returns>
    /// <exception cref="ProviderException">It cannot be read.</exception>
    public async Task<long?> CountTransactionsAsync(RestTransactionQuery query, CancellationToken cancellation)
    {
        using var answer = await GetTransactionsAsync(query, offset: 0, limit: 1, cancellation);
        return answer.Total;
    }

    /// <summary>Reads <c>/v1/trades</c> of one account, in windows of at most 366 days.</summary>
    /// <exception cref="ProviderException">They cannot be read; <see cref="ProviderFault.PermissionMissing"/> where the plan has no brokerage.</exception>
    public async Task<RestRead<RestTrade>> ReadTradesAsync(RestTradeQuery query, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.From, query.To);
        var rows = new RowSet<RestTrade>(new RestTradeReader(), row => SameId(row.AccountId, query.AccountId));
        for (var from = query.From; from <= query.To; from = from.AddDays(LongestTradesWindow))
        {
            var last = from.AddDays(LongestTradesWindow - 1);
            await ReadWindowAsync(from, last < query.To ? last : query.To, MostHalvings, rows, (first, to, offset) => _calls.GetAsync(
                RestTier.Heavy,
                "/v1/trades",
                [
                    ("connectionId", query.ConnectionId), ("accountId", query.AccountId), ("from", WireTime.Date(first)), ("to", WireTime.Date(to)),
                    ("limit", $"{RowsPerPage}"), ("offset", $"{offset}"),
                ],
                TransactionsAge,
                cancellation));
        }

        return rows.ToRead();
    }

    /// <summary>Reads <c>/v1/holdings</c> of one brokerage account.</summary>
    /// <exception cref="ProviderException">They cannot be read; <see cref="ProviderFault.PermissionMissing"/> where the plan has no brokerage.</exception>
    public async Task<RestRead<RestHolding>> ReadHoldingsAsync(string connectionId, string accountId, CancellationToken cancellation)
    {
        var rows = new RowSet<RestHolding>(new HoldingReader(), row => SameId(row.AccountId, accountId));
        using var answer = await _calls.GetAsync(RestTier.Heavy, "/v1/holdings", [("connectionId", connectionId), ("accountId", accountId)], HoldingsAge, cancellation);
        rows.Add(answer);
        return rows.ToRead();
    }

    /// <inheritdoc/>
    public void Dispose() => _calls.Dispose();

    private Task<RestAnswer> GetTransactionsAsync(RestTransactionQuery query, long offset, int limit, CancellationToken cancellation) => _calls.GetAsync(
        RestTier.Heavy,
        "/v1/transactions",
        [
            ("connectionId", query.ConnectionId), ("accountId", query.AccountId), ("from", WireTime.Date(query.From)), ("to", WireTime.Date(query.To)),
            .. query.IncludePending ? [("includePending", "true")] : Array.Empty<(string, string)>(),
            ("limit", $"{limit}"), ("offset", $"{offset}"),
        ],
        TransactionsAge,
        cancellation);

    // Redbark's documents say to page on past the ceiling; two clients found that this cannot be relied on (spec 5.4). A single day has no half.
    private static async Task ReadWindowAsync<TRow>(
        DateOnly from, DateOnly to, int halvings, RowSet<TRow> rows, Func<DateOnly, DateOnly, long, Task<RestAnswer>> get)
        where TRow : class
    {
        var halves = from < to && halvings > 0;
        if (!await Pages.WalkAsync(offset => get(from, to, offset), RowsPerPage, rows, mayStop: halves))
            return;

        if (!halves)
        {
            for (var day = from; day <= to; day = day.AddDays(1))
                rows.Truncated(day);
            return;
        }

        var middle = from.AddDays((to.DayNumber - from.DayNumber) / 2);
        await ReadWindowAsync(from, middle, halvings - 1, rows, get);
        await ReadWindowAsync(middle.AddDays(1), to, halvings - 1, rows, get);
    }

    private static bool SameId(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
