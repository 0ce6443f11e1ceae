using System.Collections.Concurrent;
using System.Text.Json;
using Redbark.Sync.Wire;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances.Calls;
using Redbark.Sync.Worker.Balances.Normalisation;

namespace Redbark.Sync.Worker.Balances.Revolut;

/// <summary>
/// Access tokens of the consents: an hour long at most, and each replaces the one before (open-banking-balances 2.2), so that they are
/// fetched one at a time.
/// </summary>
internal sealed class RevolutTokens(RevolutOptions options, ProviderHttp http, IRefreshTokens refreshTokens, CallMeter meter, TimeProvider clock) : IDisposable
{
    private const int LongestToken = 16 * 1024;

    private static readonly TimeSpan Reserve = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan UnstatedLifetime = TimeSpan.FromMinutes(30);

    // A consent's accounts are read one after another; when its token cannot be had, they need not all wait for the same time-out.
    private static readonly TimeSpan FailureStands = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (ProviderException Error, DateTimeOffset Until)> _failures = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, AccessToken> _tokens = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _refreshing = new(1);

    /// <summary>A token that is good for some minutes yet.</summary>
    /// <param name="consent">Whose.</param>
    /// <param name="refused">A token that Revolut did not take: it is not given out again.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ProviderException">There is none to be had.</exception>
    public async Task<string> GetAsync(RevolutConsent consent, string? refused, CancellationToken cancellation)
    {
        await _refreshing.WaitAsync(cancellation);
        try
        {
            if (_tokens.TryGetValue(consent.Name, out var known) && known.Text != refused && clock.GetUtcNow() < known.RefreshAt)
                return known.Text;
            _tokens.TryRemove(consent.Name, out _);
            if (_failures.TryRemove(consent.Name, out var failure) && clock.GetUtcNow() < failure.Until)
            {
                _failures[consent.Name] = failure;
                throw new ProviderException(failure.Error.Fault, failure.Error.Message, failure.Error.InnerException)
                {
                    Status = failure.Error.Status,
                    Code = failure.Error.Code,
                    NotBefore = failure.Error.NotBefore,
                };
            }

            var token = await refreshTokens.RefreshAsync(
                RevolutBalanceProvider.ProviderName, consent.Name, consent.RefreshToken, refreshToken => ExchangeAsync(refreshToken, cancellation), cancellation);
            _tokens[consent.Name] = token;
            return token.Text;
        }
        catch (ProviderException error)
        {
            _failures.TryAdd(consent.Name, (error, clock.GetUtcNow() + FailureStands));
            throw;
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <summary>When the consent ends, by the last answer; null when it does not say, or no token was needed yet.</summary>
    public DateTimeOffset? EndOf(RevolutConsent consent) => _tokens.TryGetValue(consent.Name, out var token) ? token.ConsentEndsAt : null;

    public void Dispose() => _refreshing.Dispose();

    private async Task<(AccessToken Token, string? Rotated)> ExchangeAsync(string refreshToken, CancellationToken cancellation)
    {
        try
        {
            return await ExchangeOnceAsync(refreshToken, cancellation);
        }
        // After a time-out the token may have been exchanged, and a second try with the old one would look like a consent that ended.
        catch (ProviderException error) when (error.Fault is ProviderFault.Transient && (!error.ReachedProvider || error.Status is not null))
        {
            await meter.PauseAsync(cancellation);
            return await ExchangeOnceAsync(refreshToken, cancellation);
        }
    }

    private async Task<(AccessToken Token, string? Rotated)> ExchangeOnceAsync(string refreshToken, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{options.BaseUrl.AbsoluteUri.TrimEnd('/')}/token");
            request.Headers.TryAddWithoutValidation("Accept", "application/json");
            // The client is known by its certificate, which two registrations may share: client_id says which (2.2).
            request.Content = new FormUrlEncodedContent([new("grant_type", "refresh_token"), new("refresh_token", refreshToken), new("client_id", options.ClientId)]);
            var sentAt = clock.GetUtcNow();
            var answer = await http.SendAsync(request, cancellation);
            if (!answer.IsSuccess)
                throw RevolutErrors.OfToken(answer, refreshToken, meter.EndOfHold(answer.RetryAfter));
            using var document = answer.Json();
            return Read(document.RootElement, refreshToken, sentAt);
        }
        catch (ProviderException error)
        {
            throw error.Of("POST /token");
        }
    }

    private static (AccessToken Token, string? Rotated) Read(JsonElement root, string sent, DateTimeOffset sentAt)
    {
        var token = TokenOf(root.Get("access_token"))
            ?? throw new ProviderException(ProviderFault.Protocol, $"the answer holds no access_token that fits a header ({JsonText.Describe(root.Get("access_token"))})");
        var lifetime = int.TryParse(JsonText.Read(root.Get("expires_in")), out var seconds) && seconds > 0 ? TimeSpan.FromSeconds(seconds) : UnstatedLifetime;
        var reserve = lifetime / 2 < Reserve ? lifetime / 2 : Reserve;
        var rotated = TokenOf(root.Get("refresh_token"));
        // Its type is unknown (2.2): a text or a number, and what is neither says nothing.
        var moment = WireMoment.Read(root.Get("refresh_token_expires_at"));
        var ends = moment.Instant ?? (moment.Date is { } day ? new DateTimeOffset(day, default, TimeSpan.Zero) : null);
        return (new AccessToken(token, sentAt + lifetime - reserve, ends), rotated == sent ? null : rotated);
    }

    private static string? TokenOf(JsonElement element) =>
        element.ValueKind is JsonValueKind.String && JsonText.Read(element) is { Length: <= LongestToken } text && text.All(letter => letter is > ' ' and <= '~') ? text : null;

    private sealed class AccessToken(string text, DateTimeOffset refreshAt, DateTimeOffset? consentEndsAt)
    {
        public string Text => text;

        public DateTimeOffset RefreshAt => refreshAt;

        /// <summary>When the refresh token does, which is when a user has to consent again (2.2).</summary>
        public DateTimeOffset? ConsentEndsAt => consentEndsAt;
    }
}
