using System.Globalization;
using System.Text;

namespace Redbark.Sync.Worker.Export.Formats;

/// <summary>Texts of a bank in files that people read and programs parse.</summary>
internal static class Writing
{
    /// <summary>What would break the line, control a terminal or turn the direction of writing is a space; several spaces are one.</summary>
    public static string OneLine(string? text)
    {
        if (text is null)
            return "";
        var line = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsHarmful(rune) && !Rune.IsWhiteSpace(rune))
                line.Append(rune);
            else if (line.Length > 0 && line[^1] != ' ')
                line.Append(' ');
        }

        return line.ToString().TrimEnd(' ');
    }

    /// <summary>Text that can be read back exactly, whatever is in it: what <paramref name="isSpecial"/> says, and what is harmful, as %XX of its UTF-8 bytes.</summary>
    public static string Encoded(string text, Func<Rune, bool> isSpecial)
    {
        var encoded = new StringBuilder(text.Length);
        Span<byte> bytes = stackalloc byte[4];
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var isEdge = at == 0 || at + rune.Utf16SequenceLength == text.Length;
            at += rune.Utf16SequenceLength;
            if (rune.Value != '%' && !isSpecial(rune) && !IsHarmful(rune) && !(Rune.IsWhiteSpace(rune) && (isEdge || rune.Value != ' ')))
            {
                encoded.Append(rune);
                continue;
            }

            foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
                encoded.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }

    /// <summary>Controls, separators of lines, and the signs that turn the direction of what follows (U+202A–202E, U+2066–2069, U+200E, U+200F, U+061C).</summary>
    public static bool IsHarmful(Rune rune) => Rune.IsControl(rune)
        || rune.Value is 0x2028 or 0x2029 or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F or 0x061C or 0xFEFF;
}
