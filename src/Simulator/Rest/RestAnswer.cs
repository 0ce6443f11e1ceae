using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Redbark.Sync.Simulator.Rest;

/// <summary>One answer before it is written.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">JSON.</param>
internal sealed record RestAnswer(int Status, byte[] Body)
{
    /// <summary>How long the edge may keep it; null for not at all.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>The row ceiling was met.</summary>
    public bool Truncated { get; init; }

    /// <summary>Seconds for <c>Retry-After</c>.</summary>
    public int? RetryAfter { get; init; }

    /// <summary><c>Content-Type</c>.</summary>
    public string ContentType { get; init; } = "application/json; charset=utf-8";

    /// <summary><c>Location</c>.</summary>
    public Uri? Location { get; init; }

    public static RestAnswer Ok<T>(T body, JsonTypeInfo<T> type, TimeSpan? age = null) =>
        new(StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(body, type)) { Age = age };
}

/// <summary>A call that is refused.</summary>
internal sealed class RestRefusal(int status, string message, string? code = null) : Exception(message)
{
    public int Status { get; } = status;

    public string? Code { get; } = code;

    public string? Parameter { get; init; }

    public int? RetryAfter { get; init; }

    public static RestRefusal BadRequest(string message, string? parameter = null) =>
        new(StatusCodes.Status400BadRequest, message, "invalid_request") { Parameter = parameter };

    public static RestRefusal NotFound(string what) =>
        new(StatusCodes.Status404NotFound, $"{what} not found or does not belong to this user", "not_found");
}
