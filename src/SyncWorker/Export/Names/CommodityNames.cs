using System.Text.RegularExpressions;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Worker.Export.Names;

/// <summary>Securities as commodities: never with the name of a currency, and no two with the same.</summary>
internal static partial class CommodityNames
{
    private const int LongestSanitised = 16;

    /// <summary>In quotes, as they are, unless something in them would end the quotes or the line.</summary>
    public static Dictionary<string, string> Hledger(IEnumerable<string> securities) => Assign(securities, security => Quotable().IsMatch(security))
        .ToDictionary(name => name.Key, name => $"\"{name.Value}\"");

    /// <summary>Beancount's rule: 2 to 24 capitals, digits and '._-, the first a letter, the last a letter or digit.</summary>
    public static Dictionary<string, string> Beancount(IEnumerable<string> securities) => Assign(securities, security => Symbol().IsMatch(security))
        .ToDictionary(name => name.Key, name => name.Value.ToUpperInvariant());

    private static Dictionary<string, string> Assign(IEnumerable<string> securities, Func<string, bool> isUsable) => NameBook.Assign(
        securities.Distinct(StringComparer.Ordinal).Select(security => KeyValuePair.Create(security, isUsable(security) ? security : Sanitised(security))), Reserved(securities));

    // To Beancount TRUE, FALSE and NULL are values.
    private static IEnumerable<string> Reserved(IEnumerable<string> securities) => securities
        .SelectMany(security => (string[])[security, Sanitised(security)]).Distinct(StringComparer.Ordinal)
        .Where(name => Currencies.TryGetExponent(name, out _) || name is "TRUE" or "FALSE" or "NULL");

    private static string Sanitised(string security)
    {
        var name = Other().Replace(security.ToUpperInvariant(), "-").Trim('-');
        if (name.Length == 0 || !char.IsAsciiLetter(name[0]))
            name = $"X{name}";
        return name[..Math.Min(name.Length, LongestSanitised)].TrimEnd('-') is { Length: > 1 } longer ? longer : $"{name}X";
    }

    [GeneratedRegex(@"\A[A-Z][A-Z0-9'._-]{0,22}[A-Z0-9]\z", RegexOptions.CultureInvariant)]
    private static partial Regex Symbol();

    [GeneratedRegex(@"\A(?! )[^""\\;\p{C}\p{Zl}\p{Zp}]{1,40}(?<! )\z", RegexOptions.CultureInvariant)]
    private static partial Regex Quotable();

    [GeneratedRegex("[^A-Z0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Other();
}
