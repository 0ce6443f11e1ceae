using System.Globalization;
using System.Net.Http.Headers;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Simulator.Webhooks;

/// <summary>Posts one signed body once and judges the answer (spec 1.1, 3.1).</summary>
internal sealed class WebhookPost(HttpClient client, Destination destination, TimeSpan timeout, TimeProvider clock)
{
    public async Task<DeliveryAttempt> SendAsync(SentEvent sent, int retry, bool corrupt, bool loseAnswer, CancellationToken cancellationToken)
    {
        var at = clock.GetUtcNow();
        var started = clock.GetTimestamp();
        int? status = null;
        string? error = null;
        AttemptOutcome outcome;
        using var timer = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            using var request = Request(sent, corrupt);
            using var response = await client.SendAsync(request, either.Token);
            status = loseAnswer ? null : (int)response.StatusCode;
            outcome = status is { } code ? Judge(code) : AttemptOutcome.NetworkError;
        }
        catch (HttpRequestException failure)
        {
            error = failure.Message;
            outcome = AttemptOutcome.NetworkError;
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            outcome = AttemptOutcome.TimedOut;
        }

        var attempt = new DeliveryAttempt(sent.Id, at, retry, status, clock.GetElapsedTime(started), outcome, error);
        destination.Log.Add(attempt);
        return attempt;
    }

    private static AttemptOutcome Judge(int status) => status switch
    {
        >= 200 and < 300 => AttemptOutcome.Delivered,
        >= 300 and < 400 => AttemptOutcome.Redirected,
        429 or >= 500 => AttemptOutcome.Postponed,
        _ => AttemptOutcome.Refused,
    };

    private HttpRequestMessage Request(SentEvent sent, bool corrupt)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, destination.Url) { Content = new ReadOnlyMemoryContent(sent.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", WebhookHeaders.UserAgentValue);
        var secrets = destination.SigningSecrets;
        if (destination.Thin)
        {
            var thin = ThinEventSignature.Sign(sent.Body.Span, sent.SignedAt, secrets);
            request.Headers.TryAddWithoutValidation(WebhookHeaders.ThinEventSignature, corrupt ? Corrupt(thin) : thin);
            return request;
        }

        var signature = WebhookSignature.Sign(sent.Body.Span, sent.SignedAt, secrets[0]);
        request.Headers.TryAddWithoutValidation(WebhookHeaders.Signature, corrupt ? Corrupt(signature) : signature);
        request.Headers.TryAddWithoutValidation(WebhookHeaders.Timestamp, sent.SignedAt.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation(WebhookHeaders.DeliveryId, sent.Id);
        return request;
    }

    /// <summary>Changes the last digit: the right form, the wrong value.</summary>
    private static string Corrupt(string signature) => signature[..^1] + (signature[^1] == '0' ? '1' : '0');
}
