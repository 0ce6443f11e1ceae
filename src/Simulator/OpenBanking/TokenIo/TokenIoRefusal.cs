using System.Text.Json.Nodes;

namespace Redbark.Sync.Simulator.OpenBanking.TokenIo;

/// <summary>A call that is refused (spec 3.9).</summary>
internal sealed class TokenIoRefusal(int status, string message) : Exception(message)
{
    public TimeSpan? RetryAfter { get; init; }

    public Reply ToReply(string traceId)
    {
        var error = new JsonObject { ["message"] = Message, ["tokenTraceId"] = traceId };
        // 400 and 401 have no code; its spelling elsewhere is as inconsistent as in the documents.
        var code = status switch
        {
            403 => "PermissionDenied",
            404 => "NOT_FOUND",
            429 => "RESOURCE_EXHAUSTED",
            500 => "InternalServerError",
            501 => "UNIMPLEMENTED",
            503 => "UNAVAILABLE",
            504 => "DEADLINE_EXCEEDED",
            _ => null,
        };
        if (code is not null)
            error.Insert(0, "errorCode", code);
        return Reply.Json(new JsonObject { ["error"] = error }, status) with { RetryAfter = RetryAfter is { } wait ? (int)Math.Ceiling(wait.TotalSeconds) : null };
    }
}
