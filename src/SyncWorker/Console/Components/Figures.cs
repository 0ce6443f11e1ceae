using System.Globalization;

namespace Redbark.Sync.Worker.Console.Components;

/// <summary>Figures and spans of time as people read them.</summary>
internal static class Figures
{
    /// <summary>A whole number with its thousands apart.</summary>
    public static string Of(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A decimal string with its thousands apart; the minus is the long one.</summary>
    public static string Grouped(string amount)
    {
        var sign = amount.StartsWith('-') ? "−" : "";
        var digits = amount.TrimStart('-');
        var point = digits.IndexOf('.', StringComparison.Ordinal);
        var (whole, rest) = point < 0 ? (digits, "") : (digits[..point], digits[point..]);
        for (var at = whole.Length - 3; at > 0; at -= 3)
            whole = whole.Insert(at, ",");
        return $"{sign}{whole}{rest}";
    }

    /// <summary>The largest unit or two: 40 ms, 12 s, 5 min, 3 h 20 min, 4 d.</summary>
    public static string Of(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => $"{span.TotalMilliseconds:0} ms",
        { TotalMinutes: < 1 } => $"{span.TotalSeconds:0} s",
        { TotalHours: < 1 } => $"{(int)span.TotalMinutes} min",
        { TotalHours: < 10 } when span.Minutes > 0 => $"{(int)span.TotalHours} h {span.Minutes} min",
        { TotalDays: < 2 } => $"{(int)span.TotalHours} h",
        _ => $"{(int)span.TotalDays} d",
    };
}
