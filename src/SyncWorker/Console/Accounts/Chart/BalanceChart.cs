using System.Globalization;
using Redbark.Sync.Worker.Api.Accounts.History;
using Redbark.Sync.Worker.Console.Components;

namespace Redbark.Sync.Worker.Console.Accounts.Chart;

/// <summary>Where everything of a balance's history stands in a drawing of a given size.</summary>
internal sealed class BalanceChart
{
    private const double Left = 88;
    private const double Right = 14;
    private const double Top = 14;
    private const double Bottom = 30;

    private static readonly int[] DaysApart = [1, 2, 7, 14];
    private static readonly int[] MonthsApart = [1, 2, 3, 6, 12, 24, 60, 120];

    private readonly BalanceHistory _history;
    private readonly double _low;
    private readonly double _high;

    public BalanceChart(BalanceHistory history, int width, int height, int mostTicks)
    {
        (_history, Width, Height) = (history, width, height);
        IEnumerable<decimal> amounts = [history.Before, .. history.Days.Select(day => day.Balance), .. history.Points.Select(point => point.Amount)];
        if (ShowsOpening)
            amounts = amounts.Append(history.Opening!.Value);
        var (low, high) = ((double)amounts.Min(), (double)amounts.Max());
        var step = NiceStep(Math.Max(high - low, 1) / 4);
        (_low, _high) = (Math.Floor(low / step) * step, Math.Ceiling(high / step) * step);
        if (_high <= _low)
            _high = _low + step;
        Amounts = [.. Enumerable.Range(0, (int)Math.Round((_high - _low) / step) + 1).Select(n => _low + (n * step))
            .Select(amount => new ChartTick(Y(amount), Figures.Grouped(amount.ToString(step < 1 ? "0.00" : "0", CultureInfo.InvariantCulture))))];
        Days = DayTicks(mostTicks);
    }

    public int Width { get; }

    public int Height { get; }

    public double PlotLeft { get; } = Left;

    public double PlotRight => Width - Right;

    public double PlotTop { get; } = Top;

    public double PlotBottom => Height - Bottom;

    /// <summary>Lines across, with their amounts.</summary>
    public IReadOnlyList<ChartTick> Amounts { get; }

    /// <summary>Days along the foot.</summary>
    public IReadOnlyList<ChartTick> Days { get; }

    /// <summary>The opening is known, and what is shown begins with it.</summary>
    public bool ShowsOpening => _history is { Opening: not null, FirstRow: { } first } && first >= _history.From;

    public double OpeningY => Y((double)_history.Opening!.Value);

    /// <summary>Where bank and ledger begin to differ; null when they do not, or did before.</summary>
    public double? DriftX => _history.DriftSince is { } since && since >= _history.From && since <= _history.To ? X(since) : null;

    /// <summary>The ledger's balance: level from one change to the next.</summary>
    public string Ledger
    {
        get
        {
            var path = new System.Text.StringBuilder($"M{Text(PlotLeft)} {Text(Y((double)_history.Before))}");
            foreach (var day in _history.Days)
                path.Append(CultureInfo.InvariantCulture, $"H{Text(X(day.Day))}V{Text(Y((double)day.Balance))}");
            return path.Append(CultureInfo.InvariantCulture, $"H{Text(PlotRight)}").ToString();
        }
    }

    /// <summary>The bank's figures. Those that differ have a line to what the ledger says.</summary>
    public IEnumerable<ChartPoint> Points => _history.Points.Select(point => new ChartPoint(
        point, X(point.At), Y((double)point.Amount), Y((double)_history.At(DateOnly.FromDateTime(point.At.UtcDateTime)))));

    public static string Text(double coordinate) => coordinate.ToString("0.#", CultureInfo.InvariantCulture);

    private double X(DateOnly day) => X(new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero));

    private double X(DateTimeOffset at)
    {
        var start = new DateTimeOffset(_history.From, TimeOnly.MinValue, TimeSpan.Zero);
        var days = _history.To.DayNumber - _history.From.DayNumber + 1;
        return Left + (Math.Clamp((at - start).TotalDays / days, 0, 1) * (Width - Left - Right));
    }

    private double Y(double amount) => Top + ((_high - amount) / (_high - _low) * (Height - Top - Bottom));

    private IReadOnlyList<ChartTick> DayTicks(int most)
    {
        var span = _history.To.DayNumber - _history.From.DayNumber + 1;
        if (Array.Find(DaysApart, days => span / days <= most) is var apart and > 0)
        {
            return [.. Enumerable.Range(0, ((span - 1) / apart) + 1).Select(n => _history.To.AddDays(-n * apart)).Reverse()
                .Select(day => new ChartTick(X(day), day.ToString("d MMM", CultureInfo.InvariantCulture)))];
        }

        var months = ((_history.To.Year - _history.From.Year) * 12) + _history.To.Month - _history.From.Month;
        var every = Array.Find(MonthsApart, each => months / each <= most) is var fits and > 0 ? fits : MonthsApart[^1];
        return [.. Enumerable.Range(0, months + 1).Select(n => new DateOnly(_history.From.Year, _history.From.Month, 1).AddMonths(n))
            .Where(day => day >= _history.From && ((day.Year * 12) + day.Month - 1) % every == 0)
            .Select(day => new ChartTick(X(day), day.ToString(every >= 12 ? "yyyy" : "MMM yyyy", CultureInfo.InvariantCulture)))];
    }

    /// <summary>1, 2 or 5 times a power of ten, and no less than what is asked for.</summary>
    private static double NiceStep(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return (least / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 } * power;
    }
}

/// <summary>A place on an axis, and what is written there.</summary>
internal sealed record ChartTick(double At, string Label);

/// <summary>A figure of the bank in the drawing.</summary>
internal sealed record ChartPoint(BankPoint Point, double X, double Y, double LedgerY);
