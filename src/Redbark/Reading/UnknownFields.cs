using System.Runtime.InteropServices;
using System.Text;

namespace Redbark.Sync.Wire;

/// <summary>Counts the names that are not known here, by their path: <c>livemode2</c>, <c>metadata.region</c>, <c>data.new.loyalty_points</c>.</summary>
internal sealed class UnknownFields
{
    /// <summary>What names beyond the first <see cref="MostNames"/> are counted under.</summary>
    public const string Others = "*";

    public const int MostNames = 100;
    public const int LongestName = 100;

    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, int> Counts => counts;

    /// <param name="path">Ends with a dot, or is empty.</param>
    /// <param name="name">The name as it stands in the body.</param>
    public void Count(string path, ReadOnlySpan<byte> name)
    {
        if (name.Length > LongestName || name.Contains((byte)'\\') || !Ascii.IsValid(name))
        {
            Add(path + JsonText.Cut(JsonText.Decode(name, out _), LongestName));
            return;
        }

        Span<char> text = stackalloc char[path.Length + name.Length];
        path.CopyTo(text);
        Encoding.ASCII.GetChars(name, text[path.Length..]);
        Add(text);
    }

    private void Add(ReadOnlySpan<char> name)
    {
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        if (counts.Count >= MostNames && !lookup.ContainsKey(name))
            name = Others;
        CollectionsMarshal.GetValueRefOrAddDefault(lookup, name, out _)++;
    }
}
