using System.Globalization;

namespace Redbark.Sync.Worker.Console.Components;

/// <summary>Numbers of chunks as people read them: 2, 4–7, 12.</summary>
internal static class Chunks
{
    private const int MostRanges = 12;

    public static string Of(IReadOnlyList<int> numbers)
    {
        var ranges = new List<(int From, int To)>();
        foreach (var number in numbers.Order())
        {
            if (ranges.Count > 0 && ranges[^1].To + 1 == number)
                ranges[^1] = (ranges[^1].From, number);
            else
                ranges.Add((number, number));
        }

        var shown = ranges.Take(MostRanges).Select(range =>
            range.From == range.To ? range.From.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{range.From}–{range.To}"));
        return $"{string.Join(", ", shown)}{(ranges.Count > MostRanges ? ", …" : "")}";
    }
}
