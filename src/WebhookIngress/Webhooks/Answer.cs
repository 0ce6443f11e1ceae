using System.Text.Json;
using System.Text.Json.Serialization;

namespace Redbark.Sync.Ingress.Webhooks;

/// <summary>A refusal: ProblemDetails with a machine-readable reason.</summary>
internal sealed record Answer(int Status, string Reason, string Title, string Detail)
{
    public static readonly Answer UnknownFeed = new(404, "unknown_feed", "Unknown feed", "No feed of this name is configured.");

    public static readonly Answer MethodNotAllowed = new(405, "method_not_allowed", "Method not allowed", "Deliveries are sent with POST.");

    public static readonly Answer TooSlow = new(408, "body_too_slow", "Body too slow", "The body did not arrive in time.");

    public static readonly Answer Busy = new(503, "busy", "Busy", "Too many bodies are being received. Try again.");

    public static Answer Unsigned(string reason, string detail) => new(401, reason, "Signature not accepted", detail);

    public static Answer TooLarge(int cap) => new(413, "body_too_large", "Body too large", $"A body may have at most {cap} bytes.");

    public static Answer Malformed(int status) => new(status, "request_malformed", "Request not readable", "The body does not follow HTTP.");

    public static Answer NotStored(string reason) => new(503, reason, "Not stored", "The delivery could not be stored. Try again.");

    public async Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        if (Status == 503)
            response.Headers.RetryAfter = "5";
        var body = JsonSerializer.SerializeToUtf8Bytes(new("about:blank", Title, Status, Detail, Reason), AnswerJson.Default.Problem);
        response.ContentType = "application/problem+json";
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(response.HttpContext.Request.Method))
            await response.Body.WriteAsync(body, response.HttpContext.RequestAborted);
    }

    internal sealed record Problem(string Type, string Title, int Status, string Detail, string Reason);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Answer.Problem))]
internal sealed partial class AnswerJson : JsonSerializerContext;
