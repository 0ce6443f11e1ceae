using System.Globalization;

namespace Redbark.Sync.Worker.Scheduling;

/// <summary>One field of a cron expression: the values that it allows.</summary>
internal sealed class CronField
{
    private readonly ulong _allowed;
    private readonly int _first;
    private readonly int _last;

    private CronField(ulong allowed, int first, int last) => (_allowed, _first, _last) = (allowed, first, last);

    /// <summary>Whether it allows every value.</summary>
    public bool IsEvery => Enumerable.Range(_first, _last - _first + 1).All(Allows);

    public IEnumerable<int> Values => Enumerable.Range(_first, _last - _first + 1).Where(Allows);

    public bool Allows(int value) => (_allowed & 1UL << value) != 0;

    /// <summary>The first allowed value at or after one; -1 without.</summary>
    public int AtOrAfter(int value)
    {
        while (value <= _last && !Allows(value))
            value++;
        return value <= _last ? value : -1;
    }

    /// <summary>The last allowed value at or before one; -1 without.</summary>
    public int AtOrBefore(int value)
    {
        while (value >= _first && !Allows(value))
            value--;
        return value >= _first ? value : -1;
    }

    public static CronField Only(int value, int first, int last) => new(1UL << value, first, last);

    /// <summary>Reads <c>*</c>, <c>5</c>, <c>1-5</c>, <c>*/10</c>, <c>5-30/5</c>, <c>MON</c> and lists of them.</summary>
    /// <param name="text">The field.</param>
    /// <param name="name">What it is called in an error.</param>
    /// <param name="first">Its smallest value.</param>
    /// <param name="last">Its largest value.</param>
    /// <param name="names">Names of its values, from the first one on.</param>
    /// <exception cref="FormatException">It is none; the message says what was expected.</exception>
    public static CronField Parse(string text, string name, int first, int last, params string[] names)
    {
        var allowed = 0UL;
        foreach (var part in text.Split(','))
        {
            var (range, step) = part.Split('/') switch
            {
                [var whole] => (whole, 1),
                [var whole, var every] when int.TryParse(every, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 => (whole, n),
                _ => throw Unusable(),
            };
            var (from, to) = range.Split('-') switch
            {
                ["*"] => (first, last),
                [var one] => (Value(one), part.Contains('/', StringComparison.Ordinal) ? last : Value(one)),
                [var low, var high] => (Value(low), Value(high)),
                _ => throw Unusable(),
            };
            if (from > to)
                throw Unusable();
            for (var value = from; value <= to; value += step)
                allowed |= 1UL << value;
        }

        return new CronField(allowed, first, last);

        int Value(string value)
        {
            var named = Array.FindIndex(names, known => known.Equals(value, StringComparison.OrdinalIgnoreCase));
            if (named >= 0)
                return first + named;
            return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= first && number <= last ? number : throw Unusable();
        }

        FormatException Unusable() => new($"{name}: expected values from {first} to {last} such as *, {first}, {first}-{last} or */5, found '{text}'");
    }
}
