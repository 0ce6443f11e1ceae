using Redbark.Sync.Wire.Http;

namespace Redbark.Sync.Worker.Balances;

/// <summary>A system that tells what an account holds: Redbark's REST, Revolut, Token.io.</summary>
internal interface IBalanceProvider
{
    /// <summary><c>redbark</c>, <c>revolut</c> or <c>tokenio</c>.</summary>
    string Name { get; }

    /// <summary>Why the settings leave it out; null when it is configured.</summary>
    string? DisabledBecause { get; }

    /// <summary>How old an answer may be when it comes (the provider's cache).</summary>
    TimeSpan CacheAge { get; }

    /// <summary>
    /// Lists the accounts of every connection. A connection that fails is one element with its error; the others are read on.
    /// </summary>
    /// <exception cref="ProviderException">Nothing at all can be read.</exception>
    IAsyncEnumerable<ConnectionListing> ListAccountsAsync(CancellationToken cancellation);

    /// <summary>
    /// Reads the balances of accounts that <see cref="ListAccountsAsync"/> named: exactly one element an account, in any order, a balance or
    /// an error. One bad account never costs another its balance.
    /// </summary>
    IAsyncEnumerable<BalanceReading> ReadBalancesAsync(IReadOnlyList<ProviderAccount> accounts, CancellationToken cancellation);
}

/// <summary>One connection (a consent, a login at a bank) and what stands behind it.</summary>
/// <param name="ConnectionId">The provider's id of it, or the name it has in the settings.</param>
/// <param name="Institution">Display name of the bank.</param>
/// <param name="Status"><c>active</c>, or the provider's word for what is wrong with it.</param>
/// <param name="Accounts">Its accounts; empty after an error.</param>
/// <param name="Error">Why it could not be read.</param>
/// <param name="ConsentEndsAt">When its user has to consent again; null when nobody says.</param>
internal sealed record ConnectionListing(
    string ConnectionId, string? Institution, string Status, IReadOnlyList<ProviderAccount> Accounts, ProviderException? Error = null, DateTimeOffset? ConsentEndsAt = null);

/// <summary>One account as a provider names it. The first three are its key.</summary>
/// <param name="Provider">See <see cref="IBalanceProvider.Name"/>.</param>
/// <param name="ConnectionId">See <see cref="ConnectionListing.ConnectionId"/>.</param>
/// <param name="ExternalId">The provider's id of the account.</param>
/// <param name="Name">Display name.</param>
/// <param name="Type">The provider's word for its kind.</param>
/// <param name="Currency">Three upper-case letters; null when the provider does not say.</param>
/// <param name="IsBrokerage">True when it holds securities, so that it has holdings instead of a balance.</param>
/// <param name="Source">The system behind the provider, such as <c>fiskil</c> (Redbark's <c>provider</c>).</param>
internal sealed record ProviderAccount(
    string Provider, string ConnectionId, string ExternalId, string? Name, string? Type, string? Currency, bool IsBrokerage = false, string? Source = null);

/// <summary>What came of reading one account. Exactly one of the two is there.</summary>
internal sealed record BalanceReading(ProviderAccount Account, AccountBalance? Balance, ProviderException? Error)
{
    public static BalanceReading Of(ProviderAccount account, AccountBalance balance) => new(account, balance, null);

    public static BalanceReading Of(ProviderAccount account, ProviderException error) => new(account, null, error);
}
