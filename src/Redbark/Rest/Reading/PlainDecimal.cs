using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Redbark.Sync.Wire.Rest;

/// <summary>
/// A decimal as providers write amounts: an optional sign, digits, at most one point; its scale is kept, zero has no sign. No thousands separators, no
/// exponent, no blanks inside, at most 28 digits: <see cref="decimal.Parse(string)"/> would round silently past that.
/// </summary>
internal static class PlainDecimal
{
    private const int MostDigits = 28;

    private static readonly SearchValues<char> Letters = SearchValues.Create("0123456789.+-");

    /// <summary>Reads a number, or a string that holds one.</summary>
    public static bool TryRead(JsonElement element, out RestFigure figure)
    {
        figure = default;
        if (JsonText.Read(element) is not { } text)
            return false;

        if (text.AsSpan().ContainsAnyExcept(Letters) || Digits(text) > MostDigits
            || !decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
            return false;
        figure = new RestFigure(amount == 0 ? Math.Abs(amount) : amount, text);
        return true;
    }

    private static int Digits(string text)
    {
        var digits = text.AsSpan().TrimStart("+-0");
        return digits.Length - digits.Count('.');
    }
}
