using System.Buffers.Text;
using System.Text.Json;

namespace Redbark.Sync.Wire;

/// <summary>
/// A decimal number out of text, exactly: up to 28 digits and a power of ten, never a binary fraction. <c>4550</c>, <c>4550.0</c>,
/// <c>4.55e3</c> and <c>+4550</c> are one number.
/// </summary>
internal readonly struct ExactDecimal
{
    private const int MostDigits = 28;
    private const int ExponentCap = 100_000_000;

    private readonly UInt128 digits;
    private readonly int exponent;
    private readonly bool negative;

    private ExactDecimal(UInt128 digits, int exponent, bool negative) => (this.digits, this.exponent, this.negative) = (digits, exponent, negative);

    /// <summary>Reads a number, or a string that holds one.</summary>
    public static bool TryRead(JsonElement element, out ExactDecimal value) => TryParse(JsonText.Utf8(element), out value);

    /// <summary>Reads a 64-bit integer, in any form that is exactly one.</summary>
    public static bool TryReadInt64(JsonElement element, out long value)
    {
        var text = JsonText.Utf8(element);
        if (Utf8Parser.TryParse(text, out value, out var length) && length == text.Length)
            return true;
        return TryParse(text, out var number) && number.TryToInt64(out value);
    }

    /// <summary>Reads a number in its JSON form; a plus sign, the minus sign U+2212 and a bare decimal point are let pass.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ExactDecimal value)
    {
        value = default;
        var negative = text.StartsWith("-"u8) || text.StartsWith("−"u8);
        if (negative)
            text = text[(text[0] is (byte)'-' ? 1 : "−"u8.Length)..];
        else if (text.StartsWith("+"u8))
            text = text[1..];

        var mark = text.IndexOfAny((byte)'e', (byte)'E');
        var exponent = 0;
        if (mark >= 0)
        {
            if (!TryParseExponent(text[(mark + 1)..], out exponent))
                return false;
            text = text[..mark];
        }

        // Zeros are held back until a digit follows them, so that trailing zeros end in the exponent and not in the digits.
        UInt128 digits = 0;
        var (count, zeros, seen, inFraction) = (0, 0, 0, false);
        foreach (var c in text)
        {
            if (c is (byte)'.' && !inFraction)
            {
                inFraction = true;
                continue;
            }

            if (c is < (byte)'0' or > (byte)'9')
                return false;
            seen++;
            if (inFraction)
                exponent--;
            if (c is (byte)'0')
            {
                zeros += count > 0 ? 1 : 0;
                continue;
            }

            count += zeros + 1;
            if (count > MostDigits)
                return false;
            digits = digits * PowerOfTen(zeros + 1) + (UInt128)(c - '0');
            zeros = 0;
        }

        value = new ExactDecimal(digits, count > 0 ? exponent + zeros : 0, negative);
        return seen > 0;
    }

    /// <summary>The number as a 64-bit integer, when it is exactly one.</summary>
    public bool TryToInt64(out long value)
    {
        value = 0;
        if (exponent is < 0 or > 18 || digits > (UInt128)long.MaxValue + 1)
            return false;
        var magnitude = digits * PowerOfTen(exponent);
        if (magnitude > (UInt128)long.MaxValue + (negative ? 1u : 0u))
            return false;
        value = negative ? unchecked(-(long)(ulong)magnitude) : (long)magnitude;
        return true;
    }

    /// <summary>The number as a decimal without trailing zeros, when it has at most 28 digits before and after the point together.</summary>
    public bool TryToDecimal(out decimal value)
    {
        value = 0;
        if (exponent is < -MostDigits or > MostDigits || (exponent > 0 && digits >= PowerOfTen(MostDigits - exponent)))
            return false;
        var magnitude = digits * PowerOfTen(Math.Max(exponent, 0));
        if (magnitude != 0)
            value = new decimal((int)(uint)magnitude, (int)(uint)(magnitude >> 32), (int)(uint)(magnitude >> 64), negative, (byte)Math.Max(-exponent, 0));
        return true;
    }

    private static bool TryParseExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        var negative = text.StartsWith("-"u8);
        if (negative || text.StartsWith("+"u8))
            text = text[1..];
        foreach (var c in text)
        {
            if (c is < (byte)'0' or > (byte)'9')
                return false;
            exponent = Math.Min(exponent * 10 + (c - '0'), ExponentCap);
        }

        if (negative)
            exponent = -exponent;
        return text.Length > 0;
    }

    private static UInt128 PowerOfTen(int power)
    {
        UInt128 result = 1;
        for (; power > 0; power--)
            result *= 10;
        return result;
    }
}
