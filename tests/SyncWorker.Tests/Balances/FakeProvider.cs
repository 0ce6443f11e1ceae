using System.Runtime.CompilerServices;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances;

namespace Redbark.Sync.Worker.Tests.Balances;

/// <summary>A provider that answers what a test tells it to.</summary>
internal sealed class FakeProvider(string name, TimeProvider clock) : IBalanceProvider, IHoldingsProvider
{
    private readonly Dictionary<string, Func<ProviderAccount, BalanceReading?>> _answers = [];

    public string Name => name;

    public string? DisabledBecause { get; set; }

    public TimeSpan CacheAge { get; set; } = TimeSpan.FromMinutes(5);

    public TimeSpan HoldingsCacheAge => TimeSpan.FromMinutes(10);

    public List<ConnectionListing> Connections { get; } = [];

    /// <summary>Thrown by a listing after the connections.</summary>
    public Exception? ListingFails { get; set; }

    /// <summary>Thrown by a reading after so many accounts.</summary>
    public (int After, Exception Error)? ReadingFails { get; set; }

    public Exception? HoldingsFail { get; set; }

    public Dictionary<string, IReadOnlyList<Holding>> Holdings { get; } = [];

    public int Listings { get; private set; }

    /// <summary>The accounts of every call for balances.</summary>
    public List<string[]> Asked { get; } = [];

    public ProviderAccount Account(string id, string connection = "main", string? currency = "AUD", bool isBrokerage = false) =>
        new(name, connection, id, $"Name of {id}", "transaction", currency, isBrokerage, "fiskil");

    public void Has(string connection, params string[] accounts) => Says(new ConnectionListing(connection, "Westpac", "active", [.. accounts.Select(id => Account(id, connection))]));

    public void Says(ConnectionListing listing)
    {
        Connections.RemoveAll(known => known.ConnectionId == listing.ConnectionId);
        Connections.Add(listing);
    }

    public void Answers(string account, decimal? current, decimal? available = null) => _answers[account] = asked => BalanceReading.Of(asked, Balance(current, available));

    public void Answers(string account, AccountBalance balance) => _answers[account] = asked => BalanceReading.Of(asked, balance);

    public void Fails(string account, ProviderFault fault, DateTimeOffset? notBefore = null, bool reached = true) =>
        _answers[account] = asked => BalanceReading.Of(asked, new ProviderException(fault, $"{account}: {fault}") { NotBefore = notBefore, ReachedProvider = reached });

    public void LeavesOut(string account) => _answers[account] = _ => null;

    public AccountBalance Balance(decimal? current, decimal? available = null, DateTimeOffset? asOf = null) => new()
    {
        Currency = "AUD",
        Current = current,
        CurrentOrigin = current is null ? null : ValueOrigin.Reported,
        Available = available,
        AvailableIncludesCredit = CreditInclusion.Unknown,
        AsOf = asOf,
        RetrievedAt = clock.GetUtcNow(),
        Observations = current is { } some
            ? [new BalanceObservation("currentBalance", BalanceKind.Current, some, some.ToString(System.Globalization.CultureInfo.InvariantCulture), "AUD", asOf, [])]
            : [],
        Flags = current is null ? ["no_usable_balance"] : [],
    };

    public async IAsyncEnumerable<ConnectionListing> ListAccountsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        Listings++;
        foreach (var connection in Connections.ToList())
        {
            await Task.Yield();
            yield return connection;
        }

        if (ListingFails is { } error)
            throw error;
    }

    public async IAsyncEnumerable<BalanceReading> ReadBalancesAsync(IReadOnlyList<ProviderAccount> accounts, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Asked.Add([.. accounts.Select(account => account.ExternalId)]);
        var read = 0;
        foreach (var account in accounts)
        {
            await Task.Yield();
            if (ReadingFails is { } fails && read++ == fails.After)
                throw fails.Error;
            if (!_answers.TryGetValue(account.ExternalId, out var answer))
                yield return BalanceReading.Of(account, new ProviderException(ProviderFault.AccountGone, $"{account.ExternalId} is not known"));
            else if (answer(account) is { } reading)
                yield return reading;
        }
    }

    public async IAsyncEnumerable<HoldingsReading> ReadHoldingsAsync(IReadOnlyList<ProviderAccount> accounts, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var account in accounts)
        {
            await Task.Yield();
            if (HoldingsFail is { } error)
                throw error;
            yield return HoldingsReading.Of(account, clock.GetUtcNow(), Holdings[account.ExternalId]);
        }
    }
}
