using System.Text.Json.Nodes;

namespace Redbark.Sync.Simulator.OpenBanking.Revolut;

/// <summary>A call that is refused.</summary>
internal sealed class RevolutRefusal(Reply reply) : Exception
{
    public Reply Reply { get; } = reply;

    /// <summary>The envelope of spec 2.8.</summary>
    public static RevolutRefusal Of(int status, string code, string message)
    {
        var reason = status switch { 400 => "Bad Request", 401 => "Unauthorized", 403 => "Forbidden", 404 => "Not Found", 406 => "Not Acceptable", _ => "Internal Server Error" };
        return new RevolutRefusal(Reply.Json(
            new JsonObject
            {
                ["Code"] = $"{status} {reason}",
                ["Message"] = message,
                ["Id"] = Derived.Uuid("revolut error", code + message).Replace("-", "", StringComparison.Ordinal)[..16],
                ["Errors"] = new JsonArray(new JsonObject { ["ErrorCode"] = code, ["Message"] = message }),
            },
            status));
    }

    public static RevolutRefusal Unauthorized(string message = "Access token is invalid or expired") => Of(401, "UK.OBIE.Resource.Unauthorized", message);

    public static RevolutRefusal Forbidden(string message = "Access forbidden") => Of(403, "UK.OBIE.Resource.Forbidden", message);

    public static RevolutRefusal Missing(string field) => Of(400, "UK.OBIE.Field.Missing", $"{field} is missing");

    public static RevolutRefusal Invalid(string field, string expected) => Of(400, "UK.OBIE.Field.Invalid", $"{field} must be {expected}");

    /// <summary>429 without a body (spec 2.8).</summary>
    public static RevolutRefusal Throttled(TimeSpan wait) => new(new Reply(429) { RetryAfter = (int)Math.Ceiling(wait.TotalSeconds) });

    /// <summary>The error of the token endpoint (spec 2.2).</summary>
    public static RevolutRefusal OAuth(int status, string error, string description) =>
        new(Reply.Json(new JsonObject { ["error"] = error, ["error_description"] = description }, status));
}
