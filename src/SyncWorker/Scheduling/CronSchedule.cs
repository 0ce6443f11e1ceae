namespace Redbark.Sync.Worker.Scheduling;

/// <summary>
/// When a job runs: a cron expression of five fields (minute, hour, day of the month, month, day of the week), or six with seconds first,
/// in UTC. One reading of it serves every scheduler, so that a schedule means the same with each.
/// </summary>
internal sealed class CronSchedule
{
    // Leap days are at most eight years apart.
    private const int FarthestDays = 366 * 9;
    private const int Sunday = 7;

    private readonly CronField _months;
    private readonly CronField _hours;
    private readonly CronField _minutes;
    private readonly CronField _seconds;

    private CronSchedule(string text, string[] fields)
    {
        Text = text;
        var at = fields.Length - 5;
        _seconds = at == 1 ? CronField.Parse(fields[0], "second", 0, 59) : CronField.Only(0, 0, 59);
        _minutes = CronField.Parse(fields[at], "minute", 0, 59);
        _hours = CronField.Parse(fields[at + 1], "hour", 0, 23);
        Days = CronField.Parse(fields[at + 2], "day of the month", 1, 31);
        _months = CronField.Parse(fields[at + 3], "month", 1, 12, "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
        Weekdays = CronField.Parse(fields[at + 4], "day of the week", 0, Sunday, "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
        RestrictsDays = fields[at + 2] != "*";
        RestrictsWeekdays = fields[at + 4] != "*";
    }

    /// <summary>As it was written, with single spaces.</summary>
    public string Text { get; }

    /// <summary>Whether it can come several times in one minute.</summary>
    public bool HasSeconds => _seconds.Values.Skip(1).Any();

    public CronField Days { get; }

    public bool RestrictsDays { get; }

    /// <summary>0 and 7 are Sunday.</summary>
    public CronField Weekdays { get; }

    public bool RestrictsWeekdays { get; }

    /// <summary>Seconds, minutes, hours and months as lists of numbers, which every dialect reads alike.</summary>
    public (string Seconds, string Minutes, string Hours, string Months) Lists =>
        (string.Join(',', _seconds.Values), string.Join(',', _minutes.Values), string.Join(',', _hours.Values), string.Join(',', _months.Values));

    /// <summary>Reads an expression.</summary>
    /// <exception cref="FormatException">It is none; the message says what was expected and found.</exception>
    public static CronSchedule Parse(string text)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length is not (5 or 6))
            throw new FormatException($"expected five fields (minute, hour, day of the month, month, day of the week; UTC) or six with seconds first, found {fields.Length} in '{text}'");

        var schedule = new CronSchedule(string.Join(' ', fields), fields);
        // Dialects disagree on whether either day or both must match.
        if (schedule is { RestrictsDays: true, RestrictsWeekdays: true })
            throw new FormatException($"expected a day of the month or a day of the week, not both, found '{text}'");
        return schedule.Next(DateTimeOffset.UnixEpoch) is null ? throw new FormatException($"expected a date that comes, found '{text}'") : schedule;
    }

    /// <summary>The first time after another.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var utc = after.UtcDateTime;
        var second = (int)utc.TimeOfDay.TotalSeconds + 1;
        for (var (day, n) = (DateOnly.FromDateTime(utc), 0); n < FarthestDays; day = day.AddDays(1), second = 0, n++)
        {
            if (IsOn(day) && FirstOf(second) is { } time)
                return At(day, time);
        }

        return null;
    }

    /// <summary>The last time that is not after another.</summary>
    public DateTimeOffset? Previous(DateTimeOffset until)
    {
        var utc = until.UtcDateTime;
        var second = (int)utc.TimeOfDay.TotalSeconds;
        for (var (day, n) = (DateOnly.FromDateTime(utc), 0); n < FarthestDays; day = day.AddDays(-1), second = 86_399, n++)
        {
            if (IsOn(day) && LastOf(second) is { } time)
                return At(day, time);
        }

        return null;
    }

    private bool IsOn(DateOnly day) => _months.Allows(day.Month) && Days.Allows(day.Day) && (Weekdays.Allows((int)day.DayOfWeek)
        || (day.DayOfWeek == DayOfWeek.Sunday && Weekdays.Allows(Sunday)));

    private int? FirstOf(int from)
    {
        for (var hour = _hours.AtOrAfter(from / 3600); hour >= 0; hour = _hours.AtOrAfter(hour + 1))
        {
            var within = Math.Max(0, from - hour * 3600);
            for (var minute = _minutes.AtOrAfter(within / 60); minute >= 0; minute = _minutes.AtOrAfter(minute + 1))
            {
                if (_seconds.AtOrAfter(Math.Max(0, within - minute * 60)) is >= 0 and var second)
                    return hour * 3600 + minute * 60 + second;
            }
        }

        return null;
    }

    private int? LastOf(int until)
    {
        for (var hour = _hours.AtOrBefore(until / 3600); hour >= 0; hour = _hours.AtOrBefore(hour - 1))
        {
            var within = Math.Min(3599, until - hour * 3600);
            for (var minute = _minutes.AtOrBefore(within / 60); minute >= 0; minute = _minutes.AtOrBefore(minute - 1))
            {
                if (_seconds.AtOrBefore(Math.Min(59, within - minute * 60)) is >= 0 and var second)
                    return hour * 3600 + minute * 60 + second;
            }
        }

        return null;
    }

    private static DateTimeOffset At(DateOnly day, int second) => new(day.ToDateTime(TimeOnly.MinValue).AddSeconds(second), TimeSpan.Zero);
}
