using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Redbark.Sync.Wire;

/// <summary>
/// Text out of JSON that may be anything: <see cref="JsonElement.GetString"/> throws on lone surrogates and on invalid UTF-8, and
/// PostgreSQL refuses NUL. All three become U+FFFD here.
/// </summary>
internal static class JsonText
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text of a string or the digits of a number, verbatim; null when empty or of another kind.</summary>
    public static string? Read(JsonElement element) => Read(element, out _);

    /// <summary>As <see cref="Read(JsonElement)"/>, trimmed; null when blank.</summary>
    public static string? ReadTrimmed(JsonElement element) => Read(element)?.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>Reads text that identifies something: it must be whole.</summary>
    /// <param name="element">The value.</param>
    /// <param name="maximumLength">The most characters.</param>
    /// <param name="problem">What is wrong with it; null when nothing is.</param>
    public static string? ReadId(JsonElement element, int maximumLength, out string? problem)
    {
        var text = Read(element, out var repaired);
        problem = text is null ? (element.ValueKind is JsonValueKind.String ? "empty" : Describe(element))
            : repaired ? "holding NUL, a lone surrogate or invalid UTF-8"
            : string.IsNullOrWhiteSpace(text) ? "blank"
            : text.Length > maximumLength ? $"longer than {maximumLength} characters"
            : null;
        return problem is null ? text : null;
    }

    /// <summary>The text of a string or a number as trimmed UTF-8, for parsing; empty when of another kind.</summary>
    public static ReadOnlySpan<byte> Utf8(JsonElement element)
    {
        if (element.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
            return default;
        var raw = Content(element);
        return (raw.Contains((byte)'\\') ? Encoding.UTF8.GetBytes(Decode(raw, out _)) : raw).Trim(" \t\r\n"u8);
    }

    /// <summary>Undoes the escapes of a JSON string's content and makes it text that can be stored.</summary>
    /// <param name="raw">What stands between the quotes; checked to be JSON.</param>
    /// <param name="repaired">Whether U+FFFD stands for something that could not be kept.</param>
    public static string Decode(ReadOnlySpan<byte> raw, out bool repaired)
    {
        var text = Encoding.UTF8.GetString(raw);
        repaired = text.Contains(Replacement) && !System.Text.Unicode.Utf8.IsValid(raw);
        if (!raw.Contains((byte)'\\'))
            return text;

        var chars = new char[text.Length];
        var length = Unescape(text, chars);
        for (var i = 0; i < length; i++)
        {
            if (char.IsHighSurrogate(chars[i]) && i + 1 < length && char.IsLowSurrogate(chars[i + 1]))
            {
                i++;
            }
            else if (chars[i] is '\0' || char.IsSurrogate(chars[i]))
            {
                chars[i] = Replacement;
                repaired = true;
            }
        }

        return new string(chars, 0, length);
    }

    /// <summary>The first characters, without cutting a surrogate pair in two.</summary>
    public static string Cut(string text, int maximumLength) =>
        text.Length <= maximumLength ? text : text[..(char.IsHighSurrogate(text[maximumLength - 1]) ? maximumLength - 1 : maximumLength)];

    /// <summary>The kind of a value in words that hold nothing of it.</summary>
    public static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Undefined => "missing",
        JsonValueKind.Null => "null",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => "true or false",
    };

    /// <summary>The JSON of a value as it stood in the body.</summary>
    public static string Raw(JsonElement element) => Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(element));

    private static string? Read(JsonElement element, out bool repaired)
    {
        repaired = false;
        if (element.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
            return null;
        var raw = Content(element);
        return raw.IsEmpty ? null : Decode(raw, out repaired);
    }

    private static ReadOnlySpan<byte> Content(JsonElement element)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        return element.ValueKind is JsonValueKind.String ? raw[1..^1] : raw;
    }

    private static int Unescape(string text, Span<char> chars)
    {
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not '\\')
            {
                chars[length++] = text[i];
                continue;
            }

            chars[length++] = text[++i] switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => (char)ushort.Parse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                var other => other,
            };
            if (text[i] is 'u')
                i += 4;
        }

        return length;
    }
}
