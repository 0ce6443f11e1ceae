using System.Net;
using System.Text.Json;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances.Calls;
using Redbark.Sync.Worker.Balances.Normalisation;

namespace Redbark.Sync.Worker.Balances.Revolut;

/// <summary>
/// Revolut's account information (open-banking-balances 2), read without the account holder: never with a customer's address, and never
/// <c>GET /accounts/{AccountId}</c>, which answers only in the first five minutes of a consent (2.4).
/// </summary>
internal sealed class RevolutClient(RevolutOptions options, ProviderHttp http, RevolutTokens tokens, CallMeter meter, TimeProvider clock)
{
    private const int MostPages = 50;
    private const string InteractionHeader = "x-fapi-interaction-id";

    private readonly string _baseUrl = options.BaseUrl.AbsoluteUri.TrimEnd('/');

    /// <summary>Every account of a consent. All pages of one listing count as one call (2.9).</summary>
    /// <exception cref="ProviderException">It could not be read.</exception>
    public async Task<RevolutAccounts> ListAccountsAsync(RevolutConsent consent, CancellationToken cancellation)
    {
        const string Call = "GET /accounts";
        var key = new CallKey(RevolutBalanceProvider.ProviderName, consent.Name, "", "accounts");
        Dictionary<string, ProviderAccount> accounts = new(StringComparer.Ordinal);
        HashSet<string> seen = new(StringComparer.Ordinal);
        var unnamed = 0;
        for (string? url = $"{_baseUrl}/accounts"; url is not null;)
        {
            if (!seen.Add(url) || seen.Count > MostPages)
                throw new ProviderException(ProviderFault.Protocol, $"{Call}: the pages do not end, or come round again");
            var page = await ReadAsync(consent, key, url, Call, isCounted: seen.Count == 1, (root, _) => RevolutReader.Accounts(root, consent.Name), cancellation);
            foreach (var account in page.Accounts)
                accounts[account.ExternalId] = account;
            unnamed += page.Unnamed;
            url = page.Next is null ? null : SameHost(page.Next)
                ?? throw new ProviderException(ProviderFault.Protocol, $"{Call}: the next page is said to be at another address, where the token does not go");
        }

        return new RevolutAccounts([.. accounts.Values], unnamed, null) { ConsentEndsAt = tokens.EndOf(consent) };
    }

    /// <summary>The balance of one account.</summary>
    /// <exception cref="ProviderException">It could not be read.</exception>
    public Task<AccountBalance> ReadBalanceAsync(RevolutConsent consent, ProviderAccount account, CancellationToken cancellation) =>
        ReadAsync(
            consent,
            new CallKey(RevolutBalanceProvider.ProviderName, consent.Name, account.ExternalId, "balances"),
            $"{_baseUrl}/accounts/{Uri.EscapeDataString(account.ExternalId)}/balances",
            $"GET /accounts/{account.ExternalId}/balances",
            isCounted: true,
            (root, at) => BalanceSummary.Of(RevolutReader.Balances(root, account.ExternalId), account.Currency, at),
            cancellation);

    /// <summary>One read: a refused token is renewed once, and a passing fault is tried again once, as far as the budget goes.</summary>
    private async Task<T> ReadAsync<T>(
        RevolutConsent consent, CallKey key, string url, string call, bool isCounted, Func<JsonElement, DateTimeOffset, T> read, CancellationToken cancellation)
    {
        string? refused = null;
        ProviderException? failure = null;
        for (var retried = false; ;)
        {
            if (isCounted && await meter.TakeAsync(key, isRetry: failure is not null, cancellation) is { } spent)
                throw failure ?? spent.Of(call);

            var attempt = await AttemptAsync(consent, url, refused, read, cancellation);
            if (attempt.Error is null)
                return attempt.Value!;
            if (isCounted && !attempt.Reached)
                await meter.RefundAsync(key);

            failure = attempt.Error.Of(call, attempt.Trace);
            if (failure.Status is HttpStatusCode.Unauthorized && attempt.Token is not null && refused is null)
            {
                refused = attempt.Token;
            }
            else if (failure.Fault is ProviderFault.Transient && attempt.Token is not null && !retried)
            {
                retried = true;
                await meter.PauseAsync(cancellation);
            }
            else
            {
                // A refused exchange concerns all of the consent; a refused read only what was read.
                await meter.HoldAsync(attempt.Token is null ? key with { AccountId = "", Endpoint = "" } : key, failure);
                throw failure;
            }
        }
    }

    private async Task<Attempt<T>> AttemptAsync<T>(
        RevolutConsent consent, string url, string? refused, Func<JsonElement, DateTimeOffset, T> read, CancellationToken cancellation)
    {
        var interaction = Guid.NewGuid().ToString();
        string? token = null;
        ProviderAnswer? answer = null;
        try
        {
            token = await tokens.GetAsync(consent, refused, cancellation);
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
            request.Headers.TryAddWithoutValidation("Accept", "application/json");
            request.Headers.TryAddWithoutValidation("x-fapi-financial-id", options.FinancialId);
            request.Headers.TryAddWithoutValidation(InteractionHeader, interaction);
            answer = await http.SendAsync(request, cancellation);
            if (!answer.IsSuccess)
                throw RevolutErrors.Of(answer, token, meter.EndOfHold(answer.RetryAfter));
            using var document = answer.Json();
            return new Attempt<T>(read(document.RootElement, clock.GetUtcNow()), null, token, true, null);
        }
        catch (ProviderException error)
        {
            // The provider finds the call by the id that it echoes, or else by ours.
            var echoed = answer is not null && answer.Headers.TryGetValues(InteractionHeader, out var values) ? values.FirstOrDefault() : null;
            var trace = token is null ? null : $"interaction {(Guid.TryParse(echoed, out var id) ? id.ToString() : interaction)}";
            return new Attempt<T>(default, error, token, token is not null && error.ReachedProvider, trace);
        }
    }

    private string? SameHost(string next) =>
        Uri.TryCreate(next, UriKind.Absolute, out var url) && url.AbsoluteUri.StartsWith($"{_baseUrl}/accounts", StringComparison.Ordinal) && url.UserInfo.Length == 0
            ? url.AbsoluteUri
            : null;

    /// <summary>What came of one attempt.</summary>
    /// <param name="Value">What was read.</param>
    /// <param name="Error">Why nothing was.</param>
    /// <param name="Token">The token that was sent; null when there was none to send.</param>
    /// <param name="Reached">Whether the call counts.</param>
    /// <param name="Trace">How Revolut finds the call.</param>
    private sealed record Attempt<T>(T? Value, ProviderException? Error, string? Token, bool Reached, string? Trace);
}
