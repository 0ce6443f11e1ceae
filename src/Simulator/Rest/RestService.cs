using Redbark.Sync.Simulator.Bank;

namespace Redbark.Sync.Simulator.Rest;

/// <summary>The cost of a call (spec 5.1).</summary>
internal enum Tier
{
    /// <summary>Connections, accounts, categories.</summary>
    Cheap,

    /// <summary>Balances.</summary>
    Mid,

    /// <summary>Transactions, holdings, trades.</summary>
    Heavy,
}

/// <summary>What stands before every REST endpoint: the key, the limits, the edge cache.</summary>
internal sealed class RestService(SimulatedBank bank, RestOptions options, RestFaults faults)
{
    private readonly RateLimiter _limiter = new(bank.Clock);
    private readonly EdgeCache _cache = new(bank.Clock);
    private int _heavyInFlight;

    public SimulatedBank Bank => bank;

    public RestFaults Faults => faults;

    public int RowCeiling => faults.RowCeiling ?? options.RowCeiling;

    /// <summary>Answers one call.</summary>
    /// <param name="context">The call.</param>
    /// <param name="tier">Its cost.</param>
    /// <param name="refuse">Writes a refusal in the words of the API's version.</param>
    /// <param name="read">Reads the bank.</param>
    public async Task AnswerAsync(HttpContext context, Tier tier, Func<RestRefusal, RestAnswer> refuse, Func<IQueryCollection, RestAnswer> read)
    {
        var entered = false;
        BodyFault? spoilt = null;
        RestAnswer answer;
        try
        {
            Admit(context, tier);
            if (tier == Tier.Heavy)
            {
                entered = Interlocked.Increment(ref _heavyInFlight) <= options.HeavyInFlight || !faults.RateLimits;
                if (!entered)
                {
                    Interlocked.Decrement(ref _heavyInFlight);
                    throw new RestRefusal(StatusCodes.Status429TooManyRequests, $"At most {options.HeavyInFlight} requests at a time", "rate_limit_exceeded") { RetryAfter = 1 };
                }

                if (faults.HoldHeavy is { } hold)
                    await hold(context.RequestAborted);
            }

            if (faults.TakeUnavailable())
                throw new RestRefusal(StatusCodes.Status503ServiceUnavailable, "The bank cannot be reached", "provider_unavailable") { RetryAfter = 5 };

            spoilt = faults.TakeBody(context.Request.Path);
            answer = spoilt is null
                ? Cached(context, () => read(context.Request.Query))
                : SpoiltAnswer.Read(spoilt, faults.RedirectTo, context.Request.Query, read);
        }
        catch (RestRefusal refusal)
        {
            answer = refuse(refusal) with { RetryAfter = refusal.RetryAfter };
        }
        finally
        {
            if (entered)
                Interlocked.Decrement(ref _heavyInFlight);
        }

        if (faults.Deprecated && context.Request.Path.StartsWithSegments("/v1"))
            Deprecate(context.Response);
        await WriteAsync(context.Response, answer, spoilt is BodyFault.Slow ? faults.HoldBody : null, context.RequestAborted);
    }

    private static void Deprecate(HttpResponse response)
    {
        response.Headers["Deprecation"] = "true";
        response.Headers["Sunset"] = "Wed, 01 Sep 2027 00:00:00 GMT";
        response.Headers.Link = "<https://docs.redbark.com/v2>; rel=\"deprecation\"";
    }

    private void Admit(HttpContext context, Tier tier)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header != $"Bearer {options.ApiKey}")
        {
            // Spec 5.1: refused keys are counted by address and the first 16 characters of the bearer.
            var bearer = header.Length <= 23 ? header : header[..23];
            Limit(context.Response, $"refused {context.Connection.RemoteIpAddress} {bearer}", options.RefusedPerMinute);
            throw new RestRefusal(StatusCodes.Status401Unauthorized, "Missing, revoked or invalid API key", "unauthorized");
        }

        Limit(context.Response, tier.ToString(), tier switch
        {
            Tier.Cheap => options.CheapPerMinute,
            Tier.Mid => options.MidPerMinute,
            _ => options.HeavyPerMinute,
        });
    }

    private void Limit(HttpResponse response, string bucket, int limit)
    {
        if (!faults.RateLimits)
            return;

        var (remaining, retryAfter) = _limiter.Take(bucket, limit);
        response.Headers["X-RateLimit-Limit"] = limit.ToString();
        response.Headers["X-RateLimit-Remaining"] = Math.Max(0, remaining).ToString();
        if (remaining < 0)
            throw new RestRefusal(StatusCodes.Status429TooManyRequests, "Too many requests", "rate_limit_exceeded") { RetryAfter = retryAfter };
    }

    private RestAnswer Cached(HttpContext context, Func<RestAnswer> read)
    {
        var key = EdgeCache.KeyOf(context.Request);
        if (faults.Caches && _cache.Find(key) is { } kept)
        {
            context.Response.Headers["X-Cache"] = "HIT";
            return kept;
        }

        var answer = read();
        var keeps = faults.Caches && answer.Age is not null;
        if (keeps)
            _cache.Keep(key, answer, answer.Age!.Value);
        context.Response.Headers["X-Cache"] = keeps ? "MISS" : "BYPASS";
        return answer;
    }

    private static async Task WriteAsync(HttpResponse response, RestAnswer answer, Func<CancellationToken, Task>? hold, CancellationToken cancellationToken)
    {
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.ContentLength = answer.Body.Length;
        if (answer.RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString();
        // Spec 5.1: live answers carry the header only when it is true.
        if (answer.Truncated)
            response.Headers["X-Redbark-Truncated"] = "true";
        if (answer.Location is { } location)
            response.Headers.Location = location.ToString();
        var half = hold is null ? 0 : answer.Body.Length / 2;
        await response.Body.WriteAsync(answer.Body.AsMemory(0, half), cancellationToken);
        if (hold is not null)
        {
            await response.Body.FlushAsync(cancellationToken);
            await hold(cancellationToken);
        }

        await response.Body.WriteAsync(answer.Body.AsMemory(half), cancellationToken);
    }
}
