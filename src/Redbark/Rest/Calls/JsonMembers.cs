using System.Runtime.InteropServices;
using System.Text.Json;

namespace Redbark.Sync.Wire.Rest;

/// <summary>Members of JSON that may be anything.</summary>
internal static class JsonMembers
{
    /// <summary>
    /// The member of that name, the last of several; of kind <see cref="JsonValueKind.Undefined"/> when there is none, or no object. Unlike
    /// <see cref="JsonElement.TryGetProperty(string, out JsonElement)"/> it does not throw on names with lone surrogates.
    /// </summary>
    public static JsonElement Member(this JsonElement element, ReadOnlySpan<byte> name)
    {
        JsonElement found = default;
        if (element.ValueKind is not JsonValueKind.Object)
            return found;
        foreach (var property in element.EnumerateObject())
        {
            if (JsonMarshal.GetRawUtf8PropertyName(property).SequenceEqual(name))
                found = property.Value;
        }

        return found;
    }
}
