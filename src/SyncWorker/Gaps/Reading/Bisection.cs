namespace Redbark.Sync.Worker.Gaps.Reading;

/// <summary>Days, both inclusive.</summary>
internal readonly record struct DayWindow(DateOnly From, DateOnly To)
{
    public int Days => To.DayNumber - From.DayNumber + 1;

    public (DayWindow Left, DayWindow Right) Halves
    {
        get
        {
            var middle = From.AddDays((Days / 2) - 1);
            return (this with { To = middle }, this with { From = middle.AddDays(1) });
        }
    }
}

/// <summary>Which days to read, and how often the bank was asked to find out.</summary>
internal sealed record ReadPlan(IReadOnlyList<DayWindow> Windows, int Counts);

/// <summary>
/// Finds the days of a window on which bank and ledger hold a different number of rows: halves it, and goes into the halves that differ,
/// until a page holds what is left. One call counts any number of rows, so it costs the logarithm of the rows that agree.
/// </summary>
/// <param name="bank">How many rows the bank has of a window; null when it does not say.</param>
/// <param name="ledger">How many the ledger has.</param>
/// <param name="page">As many rows are read by one call, so no counting saves any.</param>
internal sealed class Bisection(Func<DayWindow, Task<long?>> bank, Func<DayWindow, long> ledger, int page)
{
    private readonly List<DayWindow> _differing = [];
    private int _counts;

    /// <returns>The whole window where the numbers say nothing: they are unknown, or they agree.</returns>
    public async Task<ReadPlan> FindAsync(DayWindow window)
    {
        if (await CountAsync(window) is { } count && count > page && count != ledger(window))
            await DescendAsync(window, count);
        return new ReadPlan(_differing.Count == 0 ? [window] : _differing, _counts);
    }

    /// <param name="window">One that differs.</param>
    /// <param name="count">How many rows the bank has of it.</param>
    private async Task DescendAsync(DayWindow window, long count)
    {
        if (window.Days == 1 || count <= page)
        {
            _differing.Add(window);
            return;
        }

        var (left, right) = window.Halves;
        if (await CountAsync(left) is not { } first)
        {
            _differing.Add(window);
            return;
        }

        if (first != ledger(left))
            await DescendAsync(left, first);
        if (count - first != ledger(right))
            await DescendAsync(right, count - first);
    }

    private Task<long?> CountAsync(DayWindow window)
    {
        _counts++;
        return bank(window);
    }
}
