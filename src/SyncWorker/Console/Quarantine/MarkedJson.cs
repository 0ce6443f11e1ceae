using System.Text;
using System.Text.Json;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Worker.Console.Quarantine;

/// <summary>A row's JSON, a line a value, with the lines of some of its fields marked. What stands in it stays as it was sent, escapes and all.</summary>
/// <param name="Text">The line.</param>
/// <param name="IsMarked">Whether it is of one of the fields.</param>
internal sealed record MarkedLine(string Text, bool IsMarked);

/// <inheritdoc cref="MarkedLine"/>
internal static class MarkedJson
{
    private const int DeepestIndent = 20;

    /// <summary>A longer row is shown as it came.</summary>
    private const int Longest = 100_000;

    /// <param name="json">One JSON value.</param>
    /// <param name="fields">Names in snake_case; the same in camelCase are marked too.</param>
    public static List<MarkedLine> Lines(string json, IReadOnlyCollection<string> fields)
    {
        if (json.Length > Longest)
            return [new MarkedLine(json, false)];
        var names = fields.Concat(fields.Select(Camel)).ToHashSet(StringComparer.Ordinal);
        var (lines, line, marked) = (new List<MarkedLine>(), new StringBuilder(), false);
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json), new JsonReaderOptions { MaxDepth = DeliveryReader.MaximumDepth });
            var (previous, afterName) = (JsonTokenType.None, false);
            while (reader.Read())
            {
                var closes = reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray;
                var opened = previous is JsonTokenType.StartObject or JsonTokenType.StartArray;
                if (previous is not JsonTokenType.None && !afterName && !(closes && opened))
                {
                    if (!closes && !opened)
                        line.Append(',');
                    Break();
                    line.Append(' ', 2 * Math.Min(reader.CurrentDepth, DeepestIndent));
                }

                var raw = Encoding.UTF8.GetString(reader.ValueSpan);
                if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 })
                    marked = names.Contains(raw);
                else if (reader is { TokenType: JsonTokenType.EndObject, CurrentDepth: 0 })
                    marked = false;
                line.Append(reader.TokenType switch
                {
                    JsonTokenType.PropertyName => $"\"{raw}\": ",
                    JsonTokenType.String => $"\"{raw}\"",
                    _ => raw,
                });
                (previous, afterName) = (reader.TokenType, reader.TokenType is JsonTokenType.PropertyName);
            }

            Break();
            return lines;
        }
        catch (JsonException)
        {
            // Rows of before a repair of their text: shown as they are kept.
            return [new MarkedLine(json, false)];
        }

        void Break()
        {
            lines.Add(new MarkedLine(line.ToString(), marked));
            line.Clear();
        }
    }

    public static string Pretty(string json) => string.Join('\n', Lines(json, []).Select(line => line.Text));

    private static string Camel(string name) =>
        string.Concat(name.Split('_').Select((part, index) => index == 0 || part.Length == 0 ? part : char.ToUpperInvariant(part[0]) + part[1..]));
}
