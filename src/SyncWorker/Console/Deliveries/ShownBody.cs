using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Worker.Console.Deliveries;

/// <summary>A body as a person can look at it, whatever its bytes are.</summary>
/// <param name="Text">Pretty-printed where it is JSON, else what the bytes say as UTF-8.</param>
/// <param name="IsJson">Whether it could be read as JSON, as far as it is shown.</param>
/// <param name="IsCut">Whether there is more.</param>
internal sealed record ShownBody(string Text, bool IsJson, bool IsCut)
{
    private const int LongestText = 64 * 1024;

    public static ShownBody Of(ReadOnlySpan<byte> body)
    {
        var json = new ArrayBufferWriter<byte>();
        if (TryPrint(body, json, out var isCut))
            return new ShownBody(Visible(Encoding.UTF8.GetString(json.WrittenSpan)), true, isCut);
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, LongestText)]);
        return new ShownBody(Visible(text), false, body.Length > LongestText);
    }

    // Token by token, so that figures stay as they were written and a long body costs no more than what is shown of it.
    private static bool TryPrint(ReadOnlySpan<byte> body, ArrayBufferWriter<byte> to, out bool isCut)
    {
        isCut = false;
        var options = new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = DeliveryReader.MaximumDepth, SkipValidation = true };
        using var writer = new Utf8JsonWriter(to, options);
        var reader = new Utf8JsonReader(body.StartsWith("\uFEFF"u8) ? body[3..] : body, new JsonReaderOptions { MaxDepth = DeliveryReader.MaximumDepth });
        try
        {
            while (!isCut && reader.Read())
            {
                Copy(ref reader, writer);
                isCut = writer.BytesCommitted + writer.BytesPending > LongestText;
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return false;
        }

        writer.Flush();
        return to.WrittenCount > 0;
    }

    private static void Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case JsonTokenType.PropertyName:
                writer.WritePropertyName(reader.GetString()!);
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(reader.GetString());
                break;
            case JsonTokenType.Number:
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                writer.WriteBooleanValue(reader.TokenType == JsonTokenType.True);
                break;
            case JsonTokenType.Null:
                writer.WriteNullValue();
                break;
        }
    }

    // What a screen would not show, or would use to show the rest in another order, is spelled out.
    private static string Visible(string text)
    {
        if (!text.Any(IsHidden))
            return text;
        var visible = new StringBuilder(text.Length + 64);
        foreach (var letter in text)
        {
            if (IsHidden(letter))
                visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            else
                visible.Append(letter);
        }

        return visible.ToString();
    }

    private static bool IsHidden(char letter) =>
        (char.IsControl(letter) && letter is not ('\n' or '\r' or '\t')) || letter is '\uFEFF' or '\u2028' or '\u2029' || char.GetUnicodeCategory(letter) == UnicodeCategory.Format;
}
