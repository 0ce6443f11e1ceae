using Redbark.Sync.Wire.Http;

namespace Redbark.Sync.Worker.Balances;

/// <summary>A provider of balances that can also tell which securities a brokerage account holds.</summary>
internal interface IHoldingsProvider
{
    /// <summary>How old holdings may be when they come (the provider's cache).</summary>
    TimeSpan HoldingsCacheAge { get; }

    /// <summary>Reads the holdings of brokerage accounts: exactly one element an account, in any order, holdings or an error.</summary>
    /// <exception cref="ProviderException">Nothing at all can be read.</exception>
    IAsyncEnumerable<HoldingsReading> ReadHoldingsAsync(IReadOnlyList<ProviderAccount> accounts, CancellationToken cancellation);
}

/// <summary>What came of reading one brokerage account. Exactly one of the last two is there; no securities is an empty list, not an error.</summary>
/// <param name="Account">The account.</param>
/// <param name="RetrievedAt">When the answer came (UTC, our clock).</param>
/// <param name="Holdings">What it holds.</param>
/// <param name="Error">Why it could not be read.</param>
internal sealed record HoldingsReading(ProviderAccount Account, DateTimeOffset RetrievedAt, IReadOnlyList<Holding>? Holdings, ProviderException? Error)
{
    public static HoldingsReading Of(ProviderAccount account, DateTimeOffset retrievedAt, IReadOnlyList<Holding> holdings) => new(account, retrievedAt, holdings, null);

    public static HoldingsReading Of(ProviderAccount account, DateTimeOffset attemptedAt, ProviderException error) => new(account, attemptedAt, null, error);
}

/// <summary>One security in a brokerage account. Figures are exact decimals; what the provider does not say is null.</summary>
/// <param name="Symbol">Ticker.</param>
/// <param name="Name">Name of the security.</param>
/// <param name="Quantity">Units held.</param>
/// <param name="Currency">Of the prices and the value; upper case.</param>
/// <param name="AveragePrice">What a unit cost on average.</param>
/// <param name="CurrentPrice">What a unit is worth now.</param>
/// <param name="MarketValue">What they are all worth now.</param>
/// <param name="Figures">The provider's JSON object of it, verbatim.</param>
internal sealed record Holding(
    string? Symbol, string? Name, decimal? Quantity, string? Currency, decimal? AveragePrice, decimal? CurrentPrice, decimal? MarketValue, string Figures);
