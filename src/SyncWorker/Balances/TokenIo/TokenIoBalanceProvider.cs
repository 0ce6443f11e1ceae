using System.Runtime.CompilerServices;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances.Calls;
using Redbark.Sync.Worker.Balances.Schema;

namespace Redbark.Sync.Worker.Balances.TokenIo;

/// <summary>Balances out of Token.io: several accounts of one consent in a call, each with a status of its own (open-banking-balances 3.6).</summary>
internal sealed partial class TokenIoBalanceProvider(TokenIoOptions options, TokenIoClient client, ILogger<TokenIoBalanceProvider> logger) : IBalanceProvider
{
    public const string ProviderName = "tokenio";

    public string Name => ProviderName;

    public string? DisabledBecause => options.Consents.Count > 0 ? null : $"no consent is configured ({TokenIoOptions.Section}:Consents:<name>:TokenId)";

    // Answers may come out of a cache of unstated age (3.4); a bank is asked four times a day at most, so none need be older than this.
    public TimeSpan CacheAge => TimeSpan.FromHours(6);

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
            foreach (var chunk in connection.Chunk(options.BulkSize))
            {
                IReadOnlyList<BalanceReading> readings = (stopped ?? consentStopped) is { } why
                    ? [.. chunk.Select(account => BalanceReading.Of(account, why))]
                    : await client.ReadBalancesAsync(consent!, chunk, customer: null, cancellation);
                foreach (var reading in readings)
                {
                    yield return reading;
                    if (reading.Error is not { } error)
                        continue;
                    stopped ??= error.Fault is ProviderFault.CredentialInvalid ? error : null;
                    consentStopped ??= TokenIoClient.EndsConsent(error) ? error : null;
                }
            }
        }
    }

    private static ConnectionListing Failed(TokenIoConsent consent, ProviderException error) => new(consent.Name, null, error.Status(), [], error);

    private static ProviderException Unconfigured(string connection) =>
        new(ProviderFault.BadRequest, $"no consent '{connection}' is configured ({TokenIoOptions.Section}:Consents)") { ReachedProvider = false };

    private async Task<ConnectionListing> ListAsync(TokenIoConsent consent, CancellationToken cancellation)
    {
        try
        {
            var listed = await client.ListAccountsAsync(consent, customer: null, cancellation);
            if (listed.Unnamed > 0)
                Log.Unnamed(logger, consent.Name, listed.Unnamed);
            return new ConnectionListing(consent.Name, listed.Bank, Connection.Active, listed.Accounts, ConsentEndsAt: consent.EndsAt);
        }
        catch (ProviderException error)
        {
            return Failed(consent, error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Token.io consent {Consent} lists {Count} accounts without a usable id; they are left out")]
        public static partial void Unnamed(ILogger logger, string consent, int count);
    }
}
