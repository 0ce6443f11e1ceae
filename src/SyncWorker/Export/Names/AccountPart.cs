using System.Globalization;
using System.Text;

namespace Redbark.Sync.Worker.Export.Names;

/// <summary>Makes one part of an account's name of any text: what the format cannot hold becomes a separator, once.</summary>
internal static class AccountPart
{
    private const int Longest = 60;
    private const string Nameless = "Account";

    /// <summary>Letters, marks and digits of every script, and inside single spaces and a few signs.</summary>
    public static string Hledger(string? text) => Make(text, ' ', rune => Rune.IsLetterOrDigit(rune) || IsMark(rune) || "_-.&'".Contains(rune.ToString(), StringComparison.Ordinal));

    /// <summary>Beancount's rule: letters, digits and hyphens, the first a capital or a digit; of letters those that its tables are sure to know.</summary>
    public static string Beancount(string? text)
    {
        var part = Make(text, '-', rune => IsBeancountLetter(rune) || (rune.IsAscii && Rune.IsDigit(rune)));
        var first = char.ToUpperInvariant(part[0]);
        return char.IsAsciiDigit(first) || (char.IsUpper(first) && IsBeancountLetter(new Rune(first))) ? first + part[1..] : $"X{part}";
    }

    private static string Make(string? text, char separator, Func<Rune, bool> holds)
    {
        var part = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (holds(rune))
                part.Append(rune);
            else if (part.Length > 0 && part[^1] != separator)
                part.Append(separator);
            if (part.Length >= Longest)
                break;
        }

        var made = part.ToString().Trim(separator, '-', '.', '_', '&', '\'');
        return made.Length == 0 ? Nameless : made;
    }

    // Latin with its extensions, and the modern Cyrillic block. Of other scripts Beancount knows some letters and not others.
    private static bool IsBeancountLetter(Rune rune) =>
        rune.IsAscii ? char.IsAsciiLetter((char)rune.Value) : rune.Value is (>= 0xC0 and <= 0x17F) or (>= 0x400 and <= 0x45F) && Rune.IsLetter(rune);

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
