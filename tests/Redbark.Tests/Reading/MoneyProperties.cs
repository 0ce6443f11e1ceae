using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire.Tests;

/// <summary>I5: money is exact, for every currency and every amount that can be sent.</summary>
public sealed class MoneyProperties
{
    private static readonly (string Code, int Exponent)[] AllCurrencies =
    [
        .. from a in Letters() from b in Letters() from c in Letters()
           let code = $"{a}{b}{c}"
           where Currencies.TryGetExponent(code, out _)
           select (code, Exponent(code)),
    ];

    private static readonly Gen<long> WholeRange = Gen.Frequency(
        (1, Gen.Elements(long.MinValue, long.MinValue + 1, long.MaxValue, 0L, 1L, -1L, int.MinValue, int.MaxValue, uint.MaxValue)),
        (4, Gen.Choose(int.MinValue, int.MaxValue).Two().Select(halves => ((long)halves.Item1 << 32) | (uint)halves.Item2)),
        (2, Gen.Choose(-1_000_000, 1_000_000).Select(small => (long)small)));

    [Fact]
    public void Every_exponent_is_covered()
    {
        Assert.True(AllCurrencies.Length > 150);
        Assert.Equal([0, 2, 3, 4], AllCurrencies.Select(currency => currency.Exponent).Distinct().Order());
    }

    [Fact]
    public void Minor_units_are_the_same_digits_with_the_point_moved() => Prop.ForAll(
        WholeRange.ToArbitrary(), Gen.Elements(AllCurrencies).ToArbitrary(),
        (minorUnits, currency) =>
        {
            var money = Money.FromMinorUnits(minorUnits, currency.Code);
            return money.Currency == currency.Code
                && money.Amount.Scale == currency.Exponent
                && new BigInteger(money.Amount * (decimal)Math.Pow(10, currency.Exponent)) == minorUnits
                && money.Amount.ToString(CultureInfo.InvariantCulture) == Digits(minorUnits, currency.Exponent);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Fact]
    public void An_amount_sent_in_any_form_is_the_money_that_was_meant() => Prop.ForAll(
        WholeRange.ToArbitrary(), Gen.Elements(AllCurrencies).ToArbitrary(), Gen.Choose(0, 4).ToArbitrary(),
        (minorUnits, currency, form) =>
        {
            var sent = form switch
            {
                0 => $"{minorUnits}",
                1 => $"\"{minorUnits}\"",
                2 => $"{minorUnits}.000",
                3 => $"\"{minorUnits}00e-2\"",
                _ => $"{Digits(minorUnits, 3)}E+3",
            };
            var row = Samples.Row(("amount", sent), ("direction", null), ("currency", $"\"{currency.Code.ToLowerInvariant()}\""));
            return row.MinorUnits == minorUnits
                && Money.FromMinorUnits(row.MinorUnits, row.Currency!).ToString() == $"{Digits(minorUnits, currency.Exponent)} {currency.Code}";
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static string Digits(long minorUnits, int exponent)
    {
        var digits = BigInteger.Abs(minorUnits).ToString().PadLeft(exponent + 1, '0');
        var text = exponent == 0 ? digits : $"{digits[..^exponent]}.{digits[^exponent..]}";
        return minorUnits < 0 ? "-" + text : text;
    }

    private static IEnumerable<char> Letters() => Enumerable.Range('A', 26).Select(letter => (char)letter);

    private static int Exponent(string code) => Currencies.TryGetExponent(code, out var exponent) ? exponent : throw new ArgumentException(code);
}
