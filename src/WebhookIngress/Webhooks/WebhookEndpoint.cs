using System.Diagnostics;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Redbark.Sync.Ingress.Feeds;
using Redbark.Sync.Ingress.Journal;
using Redbark.Sync.Ingress.Telemetry;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Ingress.Webhooks;

/// <summary>Between a request and its 200 stand three steps: read the bytes, check the signature, store them. Nothing is parsed.</summary>
internal sealed partial class WebhookEndpoint(
    FeedCatalog feeds, BodyReader bodies, DeliveryJournal journal, IngressMetrics metrics, TimeProvider clock, ILogger<WebhookEndpoint> logger)
{
    public const string Path = "/webhooks/{feed}";

    private static readonly byte[] Received = "{\"received\":true}"u8.ToArray();

    public async Task HandleAsync(HttpContext context)
    {
        var name = (string)context.GetRouteValue("feed")!;
        var method = context.Request.Method;
        if (feeds.Find(name) is not { } feed)
            await RefuseAsync(context, null, Answer.UnknownFeed);
        else if (HttpMethods.IsPost(method))
            await PostAsync(context, feed);
        else if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method))
            await WriteAsync(context.Response, "{\"ready\":true}"u8.ToArray());
        else
            await RefuseAsync(context, feed, Answer.MethodNotAllowed);
    }

    private async Task PostAsync(HttpContext context, Feed feed)
    {
        try
        {
            // The cap is applied while reading, with an answer of its own.
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
                limit.MaxRequestBodySize = null;

            using var body = await bodies.ReadAsync(context.Request);
            if (body.Refusal is { } refusal)
                await RefuseAsync(context, feed, refusal);
            else
                await AcceptAsync(context, feed, body.Bytes);
        }
        catch (BadHttpRequestException e) when (!context.RequestAborted.IsCancellationRequested)
        {
            await RefuseAsync(context, feed, e.StatusCode == 408 ? Answer.TooSlow : Answer.Malformed(e.StatusCode));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            metrics.Rejected("aborted");
            Log.Aborted(logger, feed.Name);
        }
        catch (ConnectionResetException)
        {
            metrics.Rejected("aborted");
            Log.Aborted(logger, feed.Name);
        }
    }

    private async Task AcceptAsync(HttpContext context, Feed feed, ReadOnlyMemory<byte> body)
    {
        var headers = context.Request.Headers;
        var now = clock.GetUtcNow();
        var signature = WebhookSignature.Verify(
            body.Span, Single(headers, WebhookHeaders.Signature), Single(headers, WebhookHeaders.Timestamp), feed.Secrets, now,
            WebhookSignature.DefaultTolerance);
        if (!signature.IsValid)
        {
            await RefuseAsync(context, feed, Answer.Unsigned(signature.Verdict.Reason(), signature.Verdict.Explain()));
            return;
        }

        var entry = new JournalEntry
        {
            Id = Guid.CreateVersion7(now),
            Feed = feed.Name,
            TimeZone = feed.TimeZone,
            SignedAt = signature.SignedAt!.Value,
            SecretName = signature.MatchedSecret!.Name,
            Headers = KeptHeaders.Of(headers),
            TraceParent = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null,
        };
        try
        {
            using (Tracing.StartAppend())
                await journal.AppendAsync(entry, body);
        }
        catch (JournalUnavailableException e)
        {
            await RefuseAsync(context, feed, Answer.NotStored(e.Reason));
            return;
        }

        metrics.Accepted(feed.Name, entry.SecretName);
        Log.Accepted(logger, entry.Id, feed.Name, body.Length, entry.SecretName);
        await WriteAsync(context.Response, Received);
    }

    private async Task RefuseAsync(HttpContext context, Feed? feed, Answer answer)
    {
        metrics.Rejected(answer.Reason);
        Log.Refused(logger, answer.Status, answer.Reason, feed?.Name);
        if (answer.Status == 405)
            context.Response.Headers.Allow = "GET, HEAD, POST";

        // What is left of the body is not wanted: Kestrel throws it away for five seconds at most, then closes the connection.
        if (answer.Status is 408 or 413 or 503 && HttpProtocol.IsHttp11(context.Request.Protocol))
            context.Response.Headers.Connection = "close";
        await answer.WriteAsync(context.Response);
    }

    private static async Task WriteAsync(HttpResponse response, byte[] body)
    {
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(response.HttpContext.Request.Method))
            await response.Body.WriteAsync(body, response.HttpContext.RequestAborted);
    }

    /// <summary>Two headers of one name come out as one value that fits neither form.</summary>
    private static string? Single(IHeaderDictionary headers, string name) =>
        headers.TryGetValue(name, out var values) && values.Count > 0 ? values.ToString() : null;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Accepted delivery {Delivery} of feed {Feed}: {Bytes} bytes, signed with {Secret}")]
        public static partial void Accepted(ILogger logger, Guid delivery, string feed, int bytes, string secret);

        [LoggerMessage(LogLevel.Warning, "Refused a request with {Status} {Reason}, feed {Feed}")]
        public static partial void Refused(ILogger logger, int status, string reason, string? feed);

        [LoggerMessage(LogLevel.Debug, "The sender of a body for feed {Feed} went away")]
        public static partial void Aborted(ILogger logger, string feed);
    }
}
