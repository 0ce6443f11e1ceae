using System.Net;
using System.Text.Json;
using Redbark.Sync.Wire.Http;

namespace Redbark.Sync.Wire.Rest;

/// <summary>Turns an answer that is an error into what it means (spec 5.2).</summary>
internal static class RestError
{
    /// <summary>Seen once on the live service; one client asks once more.</summary>
    public const HttpStatusCode ClientClosedRequest = (HttpStatusCode)499;

    private const int LongestMessage = 300;

    // Limits are by the minute (spec 5.1).
    private static readonly TimeSpan WaitWhereNoneIsNamed = TimeSpan.FromMinutes(1);

    /// <summary>The meaning of an answer that is not 2xx.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="path">What was asked for.</param>
    /// <param name="key">What must not be repeated, should the answer hold it.</param>
    /// <param name="now">The time.</param>
    public static ProviderException Of(ProviderAnswer answer, string path, string key, DateTimeOffset now)
    {
        var (code, message) = Read(answer.Body);
        var fault = answer.Status switch
        {
            HttpStatusCode.Unauthorized => ProviderFault.CredentialInvalid,
            HttpStatusCode.Forbidden => ProviderFault.PermissionMissing,
            HttpStatusCode.NotFound => ProviderFault.AccountGone,
            HttpStatusCode.TooManyRequests => ProviderFault.RateLimited,
            HttpStatusCode.RequestTimeout or ClientClosedRequest or >= HttpStatusCode.InternalServerError => ProviderFault.Transient,
            >= HttpStatusCode.BadRequest => ProviderFault.BadRequest,
            _ => ProviderFault.Protocol,
        };
        return new ProviderException(fault, Say($"{path} was answered {(int)answer.Status}", code, message, key))
        {
            Status = answer.Status,
            Code = code,
            NotBefore = answer.RetryAfter ?? (fault is ProviderFault.RateLimited ? now + WaitWhereNoneIsNamed : null),
        };
    }

    /// <summary>The meaning of a 2xx answer that holds an error in place of data.</summary>
    public static ProviderException Inside(ProviderAnswer answer, string path, string key)
    {
        var (code, message) = Read(answer.Body);
        return new ProviderException(ProviderFault.Protocol, Say($"{path} was answered {(int)answer.Status} with an error inside", code, message, key))
        {
            Status = answer.Status,
            Code = code,
        };
    }

    private static string Say(string what, string? code, string? message, string key)
    {
        var said = $"{what}{(code is null ? "" : $" ({code})")}{(message is null ? "" : $": {message}")}";
        return JsonText.Cut(said.Replace(key, "…", StringComparison.Ordinal), LongestMessage);
    }

    /// <summary>Both are optional, and the body may be anything: a page of HTML, half of some JSON.</summary>
    private static (string? Code, string? Message) Read(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var error = json.RootElement.Member("error"u8);
            return error.ValueKind is JsonValueKind.Object ? (Line(error.Member("code"u8)), Line(error.Member("message"u8))) : (null, Line(error));
        }
        catch (JsonException)
        {
            return (null, body.Length == 0 ? null : $"{body.Length} bytes that are not JSON");
        }
    }

    private static string? Line(JsonElement element) =>
        JsonText.ReadTrimmed(element) is { } text ? string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)) : null;
}
