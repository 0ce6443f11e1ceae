using System.Security.Cryptography;
using System.Text;

namespace Redbark.Sync.Worker.Export.Names;

/// <summary>
/// Gives each key a name of its own. Where several would have the same, each gets part of its key's hash behind it; so a name depends on
/// what there is, and neither on the order nor on who came first.
/// </summary>
internal static class NameBook
{
    private const int Shortest = 6;

    /// <param name="wanted">For each key the name it would have if it were alone.</param>
    /// <param name="reserved">Names that none may have.</param>
    public static Dictionary<string, string> Assign(IEnumerable<KeyValuePair<string, string>> wanted, IEnumerable<string> reserved)
    {
        var taken = new HashSet<string>(reserved, StringComparer.Ordinal);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var contested = new List<KeyValuePair<string, string>>();
        foreach (var same in wanted.GroupBy(pair => pair.Value, StringComparer.Ordinal).ToList())
        {
            var exact = same.Count() == 1 ? same.First().Key : same.FirstOrDefault(pair => pair.Key == same.Key).Key;
            var keeps = !taken.Contains(same.Key) ? exact : null;
            if (keeps is not null)
                names.Add(keeps, same.Key);
            contested.AddRange(same.Where(pair => pair.Key != keeps));
        }

        taken.UnionWith(names.Values);
        foreach (var (key, name) in contested.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
            var length = Shortest;
            while (!taken.Add($"{name}-{hash[..length]}"))
                length++;
            names.Add(key, $"{name}-{hash[..length]}");
        }

        return names;
    }
}
