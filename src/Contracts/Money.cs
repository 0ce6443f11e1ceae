using System.Text.Json.Serialization;

namespace Redbark.Sync.Contracts;

/// <summary>An exact amount of one currency. In JSON the amount is a string, so that no reader makes a binary fraction of it.</summary>
/// <param name="Amount">Major units with the currency's own number of decimals (<c>-45.50</c>). Negative is money out of the account.</param>
/// <param name="Currency">ISO 4217 code, upper case.</param>
[JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)]
public readonly record struct Money(decimal Amount, string Currency)
{
    /// <summary>Converts integer minor units, keeping the currency's scale: -4550 AUD is -45.50, 500 JPY is 500, 1 KWD is 0.001.</summary>
    /// <param name="minorUnits">Signed count of the currency's smallest unit; the whole range of <see cref="long"/> is exact.</param>
    /// <param name="currency">ISO 4217 code, upper case.</param>
    /// <exception cref="ArgumentException">The currency is not known to <see cref="Currencies"/>.</exception>
    public static Money FromMinorUnits(long minorUnits, string currency)
    {
        if (!Currencies.TryGetExponent(currency, out var exponent))
            throw new ArgumentException($"'{currency}' is not an ISO 4217 currency with a minor unit.", nameof(currency));

        var magnitude = minorUnits < 0 ? (ulong)-(minorUnits + 1) + 1 : (ulong)minorUnits;
        return new Money(new decimal((int)magnitude, (int)(magnitude >> 32), 0, minorUnits < 0, (byte)exponent), currency);
    }

    /// <summary>The amount as it stands in JSON and on pages: <c>-45.50 AUD</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Amount} {Currency}");
}
