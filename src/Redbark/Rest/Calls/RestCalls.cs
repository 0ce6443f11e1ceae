using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Polly;
using Polly.Retry;
using Redbark.Sync.Wire.Http;

namespace Redbark.Sync.Wire.Rest;

/// <summary>Calls REST v1: the key, the limits, the waits, the second attempts, and what an answer means.</summary>
internal sealed class RestCalls : IDisposable
{
    private readonly ProviderHttp _http;
    private readonly RedbarkClientOptions _options;
    private readonly TimeProvider _clock;
    private readonly Dictionary<RestTier, CallLimit> _limits;
    private readonly SemaphoreSlim _heavyInFlight;
    private readonly ResiliencePipeline _attempts;

    public RestCalls(ProviderHttp http, RedbarkClientOptions options, TimeProvider clock)
    {
        (_http, _options, _clock) = (http, options, clock);
        _limits = new Dictionary<RestTier, CallLimit>
        {
            [RestTier.Cheap] = new(options.CheapPerMinute, clock),
            [RestTier.Mid] = new(options.MidPerMinute, clock),
            [RestTier.Heavy] = new(options.HeavyPerMinute, clock),
        };
        _heavyInFlight = new SemaphoreSlim(options.HeavyInFlight);
        _attempts = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddRetry(Retry(2, error => error.Fault is ProviderFault.RateLimited))
            .AddRetry(Retry(2, error => error.Fault is ProviderFault.Transient && error.Status is not RestError.ClientClosedRequest))
            .AddRetry(Retry(1, error => error.Status is RestError.ClientClosedRequest))
            .Build();
    }

    public RestDeprecation? Deprecation { get; private set; }

    /// <summary>Gets one answer that holds <c>data</c>.</summary>
    /// <param name="tier">What it costs.</param>
    /// <param name="path">What is asked for, such as <c>/v1/balances</c>.</param>
    /// <param name="query">Its parameters.</param>
    /// <param name="cacheAge">How old the answer of the provider's cache may be.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ProviderException">There is none to be had.</exception>
    public async Task<RestAnswer> GetAsync(
        RestTier tier, string path, IEnumerable<(string Name, string Value)> query, TimeSpan cacheAge, CancellationToken cancellation)
    {
        var target = new Uri($"{path}?{string.Join('&', query.Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value)}"))}".TrimEnd('?').TrimStart('/'), UriKind.Relative);
        return await _attempts.ExecuteAsync(async token => await SendAsync(tier, path, target, cacheAge, token), cancellation);
    }

    public void Dispose()
    {
        _http.Dispose();
        _heavyInFlight.Dispose();
    }

    private async Task<RestAnswer> SendAsync(RestTier tier, string path, Uri target, TimeSpan cacheAge, CancellationToken cancellation)
    {
        if (tier is not RestTier.Heavy)
            return await AskAsync(_limits[tier], path, target, cacheAge, cancellation);

        await _heavyInFlight.WaitAsync(cancellation);
        try
        {
            return await AskAsync(_limits[tier], path, target, cacheAge, cancellation);
        }
        finally
        {
            _heavyInFlight.Release();
        }
    }

    private async Task<RestAnswer> AskAsync(CallLimit limit, string path, Uri target, TimeSpan cacheAge, CancellationToken cancellation)
    {
        await limit.TakeAsync(_options.LongestWait, cancellation);

        using var request = new HttpRequestMessage(HttpMethod.Get, target);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _options.ApiKey);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Redbark.Sync", "1"));
        var sentAt = _clock.GetUtcNow();
        var answer = await _http.SendAsync(request, cancellation);

        Heed(answer, limit);
        if (answer.IsSuccess)
            return Open(answer, path, sentAt - Age(answer, cacheAge));

        var error = RestError.Of(answer, path, _options.ApiKey, _clock.GetUtcNow());
        if (error is { Fault: ProviderFault.RateLimited, NotBefore: { } notBefore })
            limit.HoldUntil(notBefore);
        throw error;
    }

    private RestAnswer Open(ProviderAnswer answer, string path, DateTimeOffset notOlderThan)
    {
        var json = answer.Json();
        var root = json.RootElement;
        if (root.Member("data"u8).ValueKind is JsonValueKind.Array)
            return new RestAnswer(json, notOlderThan, Header(answer, "X-Redbark-Truncated")?.Equals("true", StringComparison.OrdinalIgnoreCase) is true);

        using (json)
        {
            throw root.Member("error"u8).ValueKind is not JsonValueKind.Undefined
                ? RestError.Inside(answer, path, _options.ApiKey)
                : new ProviderException(ProviderFault.Protocol, $"{path} was answered with JSON that has no list named data") { Status = answer.Status };
        }
    }

    private void Heed(ProviderAnswer answer, CallLimit limit)
    {
        if (Header(answer, "X-RateLimit-Remaining") is "0")
            limit.UsedUp();
        if (Header(answer, "Deprecation") is { } deprecation && !deprecation.Equals("false", StringComparison.OrdinalIgnoreCase))
        {
            var dated = DateTimeOffset.TryParse(Header(answer, "Sunset"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var sunset);
            Deprecation = new RestDeprecation(dated ? sunset.ToUniversalTime() : null);
        }
    }

    // Spec 5.1: the header is documented but was not always seen, so only an answer that denies it is taken as fresh.
    private static TimeSpan Age(ProviderAnswer answer, TimeSpan cacheAge) =>
        Header(answer, "X-Cache")?.ToUpperInvariant() is "MISS" or "BYPASS" ? TimeSpan.Zero : cacheAge;

    private RetryStrategyOptions Retry(int most, Func<ProviderException, bool> handles) => new()
    {
        MaxRetryAttempts = most,
        BackoffType = DelayBackoffType.Exponential,
        Delay = TimeSpan.FromSeconds(1),
        MaxDelay = TimeSpan.FromSeconds(20),
        UseJitter = true,
        ShouldHandle = new PredicateBuilder().Handle<ProviderException>(error => handles(error) && !(Wait(error) > _options.LongestWait)),
        DelayGenerator = attempt => ValueTask.FromResult(Wait(attempt.Outcome.Exception)),
    };

    /// <summary>How long the provider asked to be left alone; null when it did not, and the backoff decides.</summary>
    private TimeSpan? Wait(Exception? error)
    {
        if (error is not ProviderException { NotBefore: { } notBefore })
            return null;
        var wait = notBefore - _clock.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private static string? Header(ProviderAnswer answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault()?.Trim() : null;
}
