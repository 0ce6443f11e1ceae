using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Redbark.Sync.Simulator.OpenBanking;

/// <summary>What may happen to an answer on its way.</summary>
internal enum Damage
{
    /// <summary>Half of it, a long wait, the rest.</summary>
    Slow,

    /// <summary>Half of it, as if that were all.</summary>
    Truncated,

    /// <summary>The connection breaks before it.</summary>
    Reset,
}

/// <summary>One answer before it is written.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The body; empty for none.</param>
/// <param name="ContentType">Its type.</param>
internal sealed record Reply(int Status, string Body = "", string ContentType = "application/json;charset=UTF-8")
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Seconds for <c>Retry-After</c>.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>One more header.</summary>
    public (string Name, string Value)? Header { get; init; }

    public static Reply Json(JsonObject body, int status = StatusCodes.Status200OK) => new(status, body.ToJsonString(Plain));

    /// <summary>Writes it.</summary>
    /// <param name="response">Where to.</param>
    /// <param name="damage">What happens to it on the way.</param>
    /// <param name="slowness">The wait of <see cref="Damage.Slow"/>.</param>
    public async Task WriteAsync(HttpResponse response, Damage? damage, Func<CancellationToken, Task> slowness)
    {
        var aborted = response.HttpContext.RequestAborted;
        if (damage == Damage.Reset)
        {
            response.HttpContext.Abort();
            return;
        }

        var body = Encoding.UTF8.GetBytes(Body);
        var half = body.Length / 2;
        response.StatusCode = Status;
        if (RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString();
        if (Header is { } header)
            response.Headers[header.Name] = header.Value;
        if (body.Length == 0)
            return;

        response.ContentType = ContentType;
        response.ContentLength = damage == Damage.Truncated ? half : body.Length;
        await response.Body.WriteAsync(body.AsMemory(0, damage is null ? body.Length : half), aborted);
        if (damage != Damage.Slow)
            return;

        await response.Body.FlushAsync(aborted);
        try
        {
            await slowness(aborted);
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            return; // The caller has given up, which is what slowness is for.
        }

        await response.Body.WriteAsync(body.AsMemory(half), aborted);
    }
}
