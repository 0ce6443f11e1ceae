using System.Globalization;
using System.Text.Json;
using Redbark.Sync.Wire;
using Redbark.Sync.Wire.Http;

namespace Redbark.Sync.Worker.Balances.Normalisation;

/// <summary>An amount as text, read exactly or not at all (open-banking-balances 4.1, rule 7).</summary>
internal static class ExactAmount
{
    private const int MostDigits = 28;

    /// <summary>Reads a sign, digits and a point, and nothing else. The scale stays as received; zero has no sign.</summary>
    public static bool TryParse(string text, out decimal amount)
    {
        amount = 0;
        var (digits, significant, inFraction) = (0, 0, false);
        foreach (var letter in text is ['-' or '+', ..] ? text.AsSpan(1) : text)
        {
            if (letter is '.' && !inFraction)
            {
                inFraction = true;
                continue;
            }

            if (!char.IsAsciiDigit(letter))
                return false;
            digits++;
            // A zero after the point counts: decimal.Parse would drop what it has no room for, without a word.
            if (letter is not '0' || significant > 0 || inFraction)
                significant++;
        }

        if (digits == 0 || significant > MostDigits)
            return false;
        amount = decimal.Parse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        if (amount == 0)
            amount = Math.Abs(amount);
        return true;
    }

    /// <summary>Reads an amount of a provider and the currency beside it.</summary>
    /// <param name="amount">A string, or a number.</param>
    /// <param name="currency">Three upper-case letters.</param>
    /// <param name="signed">Whether a sign may stand before it.</param>
    /// <param name="what">Names the figure, for people.</param>
    /// <exception cref="ProviderException">One of the two is not what it should be.</exception>
    public static (decimal Amount, string Text, string Currency) Read(JsonElement amount, JsonElement currency, bool signed, string what)
    {
        var text = JsonText.Read(amount) ?? throw Unusable($"the amount of {what} is {JsonText.Describe(amount)}");
        if (!TryParse(text, out var value))
            throw Unusable($"the amount of {what} is no plain decimal number of at most {MostDigits} digits");
        if (!signed && text[0] is '-' or '+')
            throw Unusable($"the amount of {what} carries a sign, which belongs in CreditDebitIndicator");
        return ReadCurrency(currency) is { } code
            ? (value, text, code)
            : throw Unusable($"the currency of {what} is not three upper-case letters");
    }

    /// <summary>Reads a currency; null when it is not three upper-case letters (rule 8).</summary>
    public static string? ReadCurrency(JsonElement element) =>
        element.ValueKind is JsonValueKind.String && JsonText.Read(element) is { Length: 3 } code && code.All(char.IsAsciiLetterUpper) ? code : null;

    private static ProviderException Unusable(string message) => new(ProviderFault.Protocol, message);
}
