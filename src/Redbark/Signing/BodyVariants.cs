using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Redbark.Sync.Wire;

/// <summary>What editors, browsers, terminals and proxies commonly make of a body.</summary>
internal static class BodyVariants
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IEnumerable<(string Name, byte[] Body)> Of(byte[] body)
    {
        if (body is [.., (byte)'\n'])
            yield return ("the last line end removed", body[..^1]);
        if (body is [.., (byte)'\r', (byte)'\n'])
            yield return ("the last line end removed", body[..^2]);
        yield return ("a line end added", [.. body, (byte)'\n']);
        if (body.AsSpan().StartsWith(Encoding.UTF8.Preamble))
            yield return ("the byte order mark removed", body[Encoding.UTF8.Preamble.Length..]);
        if (body.AsSpan().IndexOf("\r\n"u8) >= 0)
            yield return ("Unix line ends", Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(body).Replace("\r\n", "\n", StringComparison.Ordinal)));
        else if (body.AsSpan().IndexOf((byte)'\n') >= 0)
            yield return ("Windows line ends", Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(body).Replace("\n", "\r\n", StringComparison.Ordinal)));
        if (Minified(body) is { } minified)
            yield return ("the JSON written without white space", minified);
    }

    private static byte[]? Minified(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return JsonSerializer.SerializeToUtf8Bytes(json.RootElement, Relaxed);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
