using System.Buffers;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Redbark.Sync.Wire;

/// <summary>
/// The known fields of one kind of JSON object, found by name in snake_case or camelCase (spec 2.3). The values of one object are held
/// until the next is loaded; of a name that is there twice, the last counts.
/// </summary>
/// <typeparam name="TField">Names the fields: <c>AccountId</c> is <c>account_id</c> and <c>accountId</c>. Values run from 0.</typeparam>
internal sealed class JsonFields<TField>
    where TField : struct, Enum
{
    private const int LongestName = 64;

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Names =
        Enum.GetValues<TField>()
            .SelectMany(field => new[] { JsonNamingPolicy.SnakeCaseLower, JsonNamingPolicy.CamelCase }
                .Select(policy => policy.ConvertName(field.ToString())).Distinct()
                .Select(name => KeyValuePair.Create(name, Unsafe.BitCast<TField, int>(field))))
            .ToFrozenDictionary(StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly JsonElement[] values = new JsonElement[Enum.GetValues<TField>().Length];

    /// <summary>The value; of kind <see cref="JsonValueKind.Undefined"/> when the object has no such field.</summary>
    public JsonElement this[TField field] => values[Unsafe.BitCast<TField, int>(field)];

    /// <summary>Takes the fields of an object in place of those held; what is no object has none.</summary>
    public void Load(JsonElement element, UnknownFields unknown, string path)
    {
        Array.Clear(values);
        if (element.ValueKind is not JsonValueKind.Object)
            return;
        foreach (var property in element.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(property);
            if (TryFind(name, out var field))
                Set(field, property.Value);
            else
                unknown.Count(path, name);
        }
    }

    public void Set(TField field, JsonElement value) => values[Unsafe.BitCast<TField, int>(field)] = value;

    /// <summary>Finds a field by its name as it stands in the body, escapes and all.</summary>
    public static bool TryFind(ReadOnlySpan<byte> name, out TField field)
    {
        int index;
        var found = name.Contains((byte)'\\')
            ? Names.TryGetValue(JsonText.Decode(name, out _), out index)
            : TryFindPlain(name, out index);
        field = Unsafe.BitCast<int, TField>(index);
        return found;
    }

    private static bool TryFindPlain(ReadOnlySpan<byte> name, out int index)
    {
        Span<char> text = stackalloc char[LongestName];
        if (name.Length <= LongestName && Ascii.ToUtf16(name, text, out var length) is OperationStatus.Done)
            return Names.TryGetValue(text[..length], out index);
        index = 0;
        return false;
    }
}
