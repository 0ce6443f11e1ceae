using System.Globalization;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Worker.Api;

/// <summary>Figures as they stand in JSON: decimal strings, because readers make binary fractions of numbers.</summary>
internal static class DecimalText
{
    /// <summary>With the decimals of the currency's minor unit (<c>0.00</c> AUD, <c>0</c> JPY), or more where they are not zero.</summary>
    public static string OfMoney(decimal amount, string currency) => OfMoney(amount.ToString(CultureInfo.InvariantCulture), currency);

    /// <inheritdoc cref="OfMoney(decimal, string)"/>
    public static string OfMoney(string amount, string currency)
    {
        if (!Currencies.TryGetExponent(currency, out var decimals))
            return amount;
        var point = amount.IndexOf('.', StringComparison.Ordinal);
        var (whole, fraction) = point < 0 ? (amount, "") : (amount[..point], amount[(point + 1)..]);
        fraction = fraction.TrimEnd('0').PadRight(decimals, '0');
        return fraction.Length == 0 ? whole : $"{whole}.{fraction}";
    }

    public static string? OfMoney(decimal? amount, string currency) => amount is { } some ? OfMoney(some, currency) : null;

    /// <summary>With the decimals that were sent.</summary>
    public static string? Of(decimal? figure) => figure?.ToString(CultureInfo.InvariantCulture);
}
