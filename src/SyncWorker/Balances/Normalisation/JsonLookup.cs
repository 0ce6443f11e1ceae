using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Redbark.Sync.Wire;
using Redbark.Sync.Wire.Http;

namespace Redbark.Sync.Worker.Balances.Normalisation;

/// <summary>Members of JSON that may be anything.</summary>
internal static class JsonLookup
{
    private const int LongestId = 256;
    private const int LongestText = 128;

    /// <summary>
    /// The member of that name, the last of several; of kind <see cref="JsonValueKind.Undefined"/> when there is none, or no object. Unlike
    /// <see cref="JsonElement.TryGetProperty(string, out JsonElement)"/> it does not throw on names with lone surrogates.
    /// </summary>
    public static JsonElement Get(this JsonElement element, string name)
    {
        JsonElement found = default;
        if (element.ValueKind is not JsonValueKind.Object)
            return found;
        foreach (var property in element.EnumerateObject())
        {
            var raw = JsonMarshal.GetRawUtf8PropertyName(property);
            if (raw.Contains((byte)'\\') ? JsonText.Decode(raw, out _) == name : Ascii.Equals(raw, name))
                found = property.Value;
        }

        return found;
    }

    /// <summary>True when there is no such member, or null in its place.</summary>
    public static bool IsAbsent(this JsonElement element) => element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>Text for people, cut; null when blank or of another kind.</summary>
    public static string? Text(this JsonElement element) =>
        JsonText.ReadTrimmed(element) is { } text ? JsonText.Cut(text, LongestText) : null;

    /// <summary>A provider's id of an account: whole, and fit for a path; null otherwise.</summary>
    public static string? Id(this JsonElement element) =>
        element.ValueKind is JsonValueKind.String && JsonText.ReadId(element, LongestId, out _) is { } id && id is not ("." or "..") && !id.Any(char.IsControl) ? id : null;

    /// <summary>The items of an array, at most so many.</summary>
    /// <exception cref="ProviderException">It is no array, or longer.</exception>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string what, int most)
    {
        if (element.ValueKind is not JsonValueKind.Array)
            throw new ProviderException(ProviderFault.Protocol, $"{what} is {JsonText.Describe(element)} where an array is expected");
        if (element.GetArrayLength() > most)
            throw new ProviderException(ProviderFault.Protocol, $"{what} holds {element.GetArrayLength()} items, more than the {most} that are read");
        return element.EnumerateArray();
    }
}
