using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances.Calls;
using Redbark.Sync.Worker.Balances.Normalisation;

namespace Redbark.Sync.Worker.Balances.TokenIo;

/// <summary>
/// Token.io's account information (open-banking-balances 3). The bank counts each account of a bulk call, as far as anyone knows (3.6), so
/// each is charged. Polls leave the customer out; with one, calls are not counted.
/// </summary>
internal sealed class TokenIoClient(TokenIoOptions options, ProviderHttp http, CallMeter meter, TimeProvider clock)
{
    private const string BulkCall = "GET /account-balance";

    private readonly string _baseUrl = options.BaseUrl.AbsoluteUri.TrimEnd('/');

    // Consents whose bank takes no bulk calls, or whose bulk calls fail because of one account: they are read singly from then on.
    private readonly ConcurrentDictionary<string, bool> _singly = new(StringComparer.Ordinal);

    private volatile string _parameter = options.AccountParameter;
    private volatile bool _parameterKnown;

    /// <summary>Every account of a consent; the list has no pages.</summary>
    /// <exception cref="ProviderException">It could not be read.</exception>
    public async Task<TokenIoAccounts> ListAccountsAsync(TokenIoConsent consent, PresentCustomer? customer, CancellationToken cancellation)
    {
        const string Call = "GET /accounts";
        var sent = await SendAsync(consent, [new CallKey(TokenIoBalanceProvider.ProviderName, consent.Name, "", "accounts")], _ => "/accounts", Call, isRetry: false, customer, cancellation);
        return sent.Read(Call, root => TokenIoReader.Accounts(root, consent.Name));
    }

    /// <summary>The balances of accounts of one consent: exactly one reading an account.</summary>
    public async Task<IReadOnlyList<BalanceReading>> ReadBalancesAsync(
        TokenIoConsent consent, IReadOnlyList<ProviderAccount> accounts, PresentCustomer? customer, CancellationToken cancellation)
    {
        if (accounts.Count == 1 || _singly.ContainsKey(consent.Name))
            return await ReadSinglyAsync(consent, accounts, isRetry: false, customer, cancellation);

        var sent = await SendBulkAsync(consent, accounts, _parameter, isRetry: false, customer, cancellation);
        if (sent.Error is { Fault: ProviderFault.Unsupported or ProviderFault.BadRequest or ProviderFault.AccountGone } refused && sent.Asked.Count > 0)
        {
            // Of accounts that are gone the next list says which; a bank that does not take the call will not take it tomorrow.
            if (refused.Fault is not ProviderFault.AccountGone)
                _singly[consent.Name] = true;
            var asked = accounts.Where(account => sent.Asked.Contains(account.ExternalId)).ToList();
            return [.. Refused(accounts, sent), .. await ReadSinglyAsync(consent, asked, isRetry: true, customer, cancellation)];
        }

        try
        {
            return await ReadBulkAsync(consent, accounts, sent, customer, cancellation);
        }
        catch (ProviderException error)
        {
            // A fault that stays may be one account's; the next poll finds out which, within its budget.
            if (error is { Fault: ProviderFault.Protocol } or { Status: HttpStatusCode.InternalServerError })
                _singly[consent.Name] = true;
            return [.. accounts.Select(account => BalanceReading.Of(account, sent.Refused.GetValueOrDefault(account.ExternalId, error)))];
        }
    }

    private async Task<IReadOnlyList<BalanceReading>> ReadBulkAsync(
        TokenIoConsent consent, IReadOnlyList<ProviderAccount> accounts, Sent sent, PresentCustomer? customer, CancellationToken cancellation)
    {
        var (byAccount, count) = sent.Read(BulkCall, TokenIoReader.Bulk);
        if (count == 0 && !_parameterKnown)
        {
            // Nothing at all for accounts that exist: the name of the parameter may be the other one (3.6). That is tried once.
            var other = TokenIoOptions.AccountParameters.Single(name => name != _parameter);
            var asked = accounts.Where(account => sent.Asked.Contains(account.ExternalId)).ToList();
            var again = await SendBulkAsync(consent, asked, other, isRetry: true, customer, cancellation);
            _parameterKnown = again.Answer is not null || again.Error is { Fault: ProviderFault.BadRequest or ProviderFault.AccountGone or ProviderFault.Unsupported };
            if (again.Answer is not null)
                (byAccount, count) = again.Read(BulkCall, TokenIoReader.Bulk);
            if (count > 0)
                _parameter = other;
        }
        else if (count > 0)
        {
            _parameterKnown = true;
        }

        var now = clock.GetUtcNow();
        return [.. accounts.Select(account =>
            sent.Refused.TryGetValue(account.ExternalId, out var refusal) ? BalanceReading.Of(account, refusal)
            : byAccount.TryGetValue(account.ExternalId, out var element) ? Summarise(account, element, BulkCall, now)
            : BalanceReading.Of(account, new ProviderException(ProviderFault.Protocol,
                $"{BulkCall}: the account is not among the {count} elements of the answer, of which {byAccount.Count} name an account") { Status = HttpStatusCode.OK }))];
    }

    private async Task<IReadOnlyList<BalanceReading>> ReadSinglyAsync(
        TokenIoConsent consent, IReadOnlyList<ProviderAccount> accounts, bool isRetry, PresentCustomer? customer, CancellationToken cancellation)
    {
        List<BalanceReading> readings = [];
        ProviderException? ended = null;
        foreach (var account in accounts)
        {
            var reading = ended is null ? await ReadSingleAsync(consent, account, isRetry, customer, cancellation) : BalanceReading.Of(account, ended);
            readings.Add(reading);
            ended ??= reading.Error is { } error && EndsConsent(error) ? error : null;
        }

        return readings;
    }

    /// <summary>True when no further account of the consent can be read.</summary>
    public static bool EndsConsent(ProviderException error) => error.Fault is ProviderFault.ReauthRequired or ProviderFault.CredentialInvalid;

    private async Task<BalanceReading> ReadSingleAsync(TokenIoConsent consent, ProviderAccount account, bool isRetry, PresentCustomer? customer, CancellationToken cancellation)
    {
        var call = $"GET /accounts/{account.ExternalId}/balance";
        var sent = await SendAsync(consent, [KeyOf(consent, account)], _ => $"/accounts/{Uri.EscapeDataString(account.ExternalId)}/balance", call, isRetry, customer, cancellation);
        try
        {
            var figures = sent.Read(call, root => TokenIoReader.Single(root, account.ExternalId));
            return Summarise(account, new TokenIoElement(figures, null), call, clock.GetUtcNow());
        }
        catch (ProviderException error)
        {
            return BalanceReading.Of(account, error);
        }
    }

    private Task<Sent> SendBulkAsync(
        TokenIoConsent consent, IReadOnlyList<ProviderAccount> accounts, string parameter, bool isRetry, PresentCustomer? customer, CancellationToken cancellation) =>
        SendAsync(consent, [.. accounts.Select(account => KeyOf(consent, account))],
            ids => "/account-balance?" + string.Join('&', ids.Select(id => $"{parameter}={Uri.EscapeDataString(id)}")), BulkCall, isRetry, customer, cancellation);

    /// <summary>One read, with one more try of a passing fault as far as the budget goes. Accounts without budget are left out of it.</summary>
    private async Task<Sent> SendAsync(
        TokenIoConsent consent, IReadOnlyList<CallKey> keys, Func<IReadOnlyList<string>, string> path, string call, bool isRetry, PresentCustomer? customer, CancellationToken cancellation)
    {
        Dictionary<string, ProviderException> refused = new(StringComparer.Ordinal);
        ProviderException? failure = null;
        for (var mayRetry = !isRetry; ;)
        {
            List<CallKey> asked = [];
            foreach (var key in keys)
            {
                if (customer is null && await meter.TakeAsync(key, isRetry || failure is not null, cancellation) is { } spent)
                    refused[key.AccountId] = failure ?? spent.Of(call);
                else
                    asked.Add(key);
            }

            List<string> ids = [.. asked.Select(key => key.AccountId)];
            if (asked.Count == 0)
                return new Sent(null, failure ?? refused.Values.First(), ids, refused);

            try
            {
                using var request = Request(consent, path(ids), customer);
                var answer = await http.SendAsync(request, cancellation);
                if (answer.IsSuccess)
                    return new Sent(answer, null, ids, refused);
                failure = TokenIoErrors.Of(answer, options.ApiKey, meter.EndOfHold(answer.RetryAfter)).Of(call);
            }
            catch (ProviderException error)
            {
                failure = error.Of(call);
                if (!error.ReachedProvider && customer is null)
                {
                    foreach (var key in asked)
                        await meter.RefundAsync(key);
                }
            }

            if (failure.Fault is not ProviderFault.Transient || !mayRetry)
            {
                foreach (var key in asked)
                    await meter.HoldAsync(key, failure);
                return new Sent(null, failure, ids, refused);
            }

            mayRetry = false;
            keys = asked;
            await meter.PauseAsync(cancellation);
        }
    }

    private HttpRequestMessage Request(TokenIoConsent consent, string path, PresentCustomer? customer)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, _baseUrl + path);
        request.Headers.TryAddWithoutValidation("Authorization", $"Basic {options.ApiKey}");
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("on-behalf-of", consent.TokenId);
        if (customer is not null)
        {
            request.Headers.TryAddWithoutValidation("token-customer-ip-address", customer.IpAddress);
            request.Headers.TryAddWithoutValidation("customer-initiated", "true");
        }

        return request;
    }

    private static CallKey KeyOf(TokenIoConsent consent, ProviderAccount account) =>
        new(TokenIoBalanceProvider.ProviderName, consent.Name, account.ExternalId, "balance");

    private static IEnumerable<BalanceReading> Refused(IReadOnlyList<ProviderAccount> accounts, Sent sent) => accounts
        .Where(account => sent.Refused.ContainsKey(account.ExternalId))
        .Select(account => BalanceReading.Of(account, sent.Refused[account.ExternalId]));

    private static BalanceReading Summarise(ProviderAccount account, TokenIoElement element, string call, DateTimeOffset at)
    {
        if (element.Figures is null)
            return BalanceReading.Of(account, element.Error!.Of(call));
        try
        {
            return BalanceReading.Of(account, BalanceSummary.Of(element.Figures, account.Currency, at));
        }
        catch (ProviderException error)
        {
            return BalanceReading.Of(account, error.Of(call));
        }
    }

    /// <summary>What came of a call.</summary>
    /// <param name="Answer">A success.</param>
    /// <param name="Error">Why there is none.</param>
    /// <param name="Asked">The accounts that the last attempt asked for.</param>
    /// <param name="Refused">The accounts that had no budget left.</param>
    private sealed record Sent(ProviderAnswer? Answer, ProviderException? Error, IReadOnlyList<string> Asked, IReadOnlyDictionary<string, ProviderException> Refused)
    {
        public T Read<T>(string call, Func<JsonElement, T> read)
        {
            if (Answer is null)
                throw Error!;
            try
            {
                using var document = Answer.Json();
                return read(document.RootElement);
            }
            catch (ProviderException error)
            {
                throw error.Of(call);
            }
        }
    }
}
