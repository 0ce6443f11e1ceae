using Microsoft.AspNetCore.Http.HttpResults;

namespace Redbark.Sync.Worker.Api.Problems;

/// <summary>Every error that the API answers: ProblemDetails with a machine-readable <c>reason</c>.</summary>
internal static class ApiProblem
{
    private const int LongestEcho = 100;

    public static ProblemHttpResult Unauthorized(bool presented) => presented
        ? Of(401, "token_invalid", "The bearer token is not one of Api:Tokens.")
        : Of(401, "token_missing", "Send the header 'Authorization: Bearer …' with one of Api:Tokens.");

    public static ProblemHttpResult AntiforgeryInvalid() => Of(403, "antiforgery_invalid",
        "A request that changes something and comes with a session needs that session's antiforgery token, in the form or the header RequestVerificationToken.");

    /// <param name="kind">What was looked for, such as <c>account</c>; the reason is <c>{kind}_unknown</c>.</param>
    /// <param name="id">Its id.</param>
    public static ProblemHttpResult Unknown(string kind, object id) => Of(404, $"{kind}_unknown", $"There is no {kind.Replace('_', ' ')} {id}.");

    public static ProblemHttpResult Parameter(string name, string found, string expected)
    {
        var echo = found.Length <= LongestEcho ? found : $"{found[..LongestEcho]}…";
        return Of(400, "parameter_invalid", $"{name}: expected {expected}, found '{echo}'.",
            new() { ["parameter"] = name, ["found"] = echo, ["expected"] = expected });
    }

    public static ProblemHttpResult Cursor() => Of(400, "cursor_invalid", "after: expected the 'next' of an earlier page of the same list.",
        new() { ["parameter"] = "after" });

    public static ProblemHttpResult Conflict(string reason, string detail) => Of(409, reason, detail);

    public static ProblemHttpResult Unusable(string reason, string detail) => Of(422, reason, detail);

    public static ProblemHttpResult DatabaseUnavailable() =>
        Of(503, "database_unavailable", "The ledger's database does not answer. Nothing is lost: try again shortly.");

    /// <summary>What the framework answered without a body, or what went wrong unforeseen.</summary>
    public static ProblemHttpResult OfStatus(int status) => status switch
    {
        400 => Of(status, "request_invalid", "The request could not be read: check its body and its Content-Type."),
        404 => Of(status, "route_unknown", "There is nothing at this address; /openapi/v1.json lists what there is."),
        405 => Of(status, "method_not_allowed", "This address does not take that method; the Allow header names those it takes."),
        413 => Of(status, "request_too_large", "The request's body is too large."),
        415 => Of(status, "media_type_unsupported", "The request's body must be application/json."),
        < 500 => Of(status, "request_refused", "The request was refused."),
        _ => Of(status, "internal_error", "An error that the API did not foresee; the worker's log holds it under the trace id."),
    };

    private static ProblemHttpResult Of(int status, string reason, string detail, Dictionary<string, object?>? members = null)
    {
        members ??= [];
        members["reason"] = reason;
        return TypedResults.Problem(detail, statusCode: status, extensions: members);
    }
}
