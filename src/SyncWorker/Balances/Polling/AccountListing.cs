using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances.Store;

namespace Redbark.Sync.Worker.Balances.Polling;

/// <summary>Lists the accounts of a provider and saves what it says.</summary>
internal sealed class AccountListing(ConnectionStore connections, AccountLinks links)
{
    /// <exception cref="ProviderException">The provider cannot be read; what it had listed before is saved.</exception>
    public async Task<ListingTally> ListAsync(IBalanceProvider provider, CancellationToken cancellation)
    {
        var listed = new HashSet<string>(StringComparer.Ordinal);
        var (accounts, failures) = (0, new List<string>());
        try
        {
            await foreach (var listing in provider.ListAccountsAsync(cancellation))
            {
                await connections.SaveAsync(provider.Name, listing, cancellation);
                listed.Add(listing.ConnectionId);
                accounts += listing.Accounts.Count;
                if (listing.Error is { } error)
                    failures.Add($"{provider.Name} {listing.ConnectionId}: {error.Message}");
            }
        }
        catch (ProviderException error)
        {
            await connections.SaveErrorAsync(provider.Name, id => !listed.Contains(id), error, cancellation);
            throw;
        }

        await connections.SaveGoneAsync(provider.Name, listed, cancellation);
        await links.ResolveAsync(provider.Name, cancellation);
        return new ListingTally(listed.Count, accounts, failures);
    }
}

/// <summary>What came of a listing.</summary>
/// <param name="Connections">Connections that were named.</param>
/// <param name="Accounts">Accounts behind those that could be read.</param>
/// <param name="Failures">Those that could not, and why.</param>
internal sealed record ListingTally(int Connections, int Accounts, IReadOnlyList<string> Failures);
