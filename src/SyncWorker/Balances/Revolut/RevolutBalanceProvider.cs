using System.Net;
using System.Runtime.CompilerServices;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances.Calls;
using Redbark.Sync.Worker.Balances.Schema;

namespace Redbark.Sync.Worker.Balances.Revolut;

/// <summary>Balances out of Revolut: one call an account, since there is no bulk endpoint (open-banking-balances 2.6).</summary>
internal sealed partial class RevolutBalanceProvider(RevolutOptions options, RevolutClient client, ILogger<RevolutBalanceProvider> logger) : IBalanceProvider
{
    public const string ProviderName = "revolut";

    public string Name => ProviderName;

    public string? DisabledBecause => options.Consents.Count > 0 ? null : $"no consent is configured ({RevolutOptions.Section}:Consents:<name>:RefreshToken)";

    public TimeSpan CacheAge => TimeSpan.Zero;

    public async IAsyncEnumerable<ConnectionListing> ListAccountsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        ProviderException? stopped = null;
        foreach (var consent in options.Consents)
        {
            var listing = stopped is null ? await ListAsync(consent, cancellation) : Failed(consent, stopped);
            if (listing.Error is { Fault: ProviderFault.CredentialInvalid } refusal)
                stopped = refusal;
            yield return listing;
        }
    }

    public async IAsyncEnumerable<BalanceReading> ReadBalancesAsync(
        IReadOnlyList<ProviderAccount> accounts, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ProviderException? stopped = null;
        foreach (var connection in accounts.GroupBy(account => account.ConnectionId, StringComparer.Ordinal))
        {
            var consent = options.Consents.FirstOrDefault(consent => consent.Name == connection.Key);
            var consentStopped = consent is null ? Unconfigured(connection.Key) : null;
            foreach (var account in connection)
            {
                var reading = (stopped ?? consentStopped) is { } why ? BalanceReading.Of(account, why) : await ReadAsync(consent!, account, cancellation);
                yield return reading;
                stopped ??= reading.Error is { Fault: ProviderFault.CredentialInvalid } refusal ? refusal : null;
                consentStopped ??= reading.Error is { } error && EndsConsent(error) ? error : null;
            }
        }
    }

    // With 401 it is the consent that has no permission for balances; with 403 it may be this account alone (2.8).
    private static bool EndsConsent(ProviderException error) =>
        error.Fault is ProviderFault.ReauthRequired || error is { Fault: ProviderFault.PermissionMissing, Status: HttpStatusCode.Unauthorized };

    private static ConnectionListing Failed(RevolutConsent consent, ProviderException error) => new(consent.Name, "Revolut", error.Status(), [], error);

    private static ProviderException Unconfigured(string connection) =>
        new(ProviderFault.BadRequest, $"no consent '{connection}' is configured ({RevolutOptions.Section}:Consents)") { ReachedProvider = false };

    private async Task<ConnectionListing> ListAsync(RevolutConsent consent, CancellationToken cancellation)
    {
        try
        {
            var listed = await client.ListAccountsAsync(consent, cancellation);
            if (listed.Unnamed > 0)
                Log.Unnamed(logger, consent.Name, listed.Unnamed);
            return new ConnectionListing(consent.Name, "Revolut", Connection.Active, listed.Accounts, ConsentEndsAt: ConsentEnd.Earlier(consent.EndsAt, listed.ConsentEndsAt));
        }
        catch (ProviderException error)
        {
            return Failed(consent, error);
        }
    }

    private async Task<BalanceReading> ReadAsync(RevolutConsent consent, ProviderAccount account, CancellationToken cancellation)
    {
        try
        {
            return BalanceReading.Of(account, await client.ReadBalanceAsync(consent, account, cancellation));
        }
        catch (ProviderException error)
        {
            return BalanceReading.Of(account, error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Revolut consent {Consent} lists {Count} accounts without a usable AccountId; they are left out")]
        public static partial void Unnamed(ILogger logger, string consent, int count);
    }
}
