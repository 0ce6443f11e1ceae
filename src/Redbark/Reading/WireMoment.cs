using System.Text.Json;

namespace Redbark.Sync.Wire;

/// <summary>
/// What a date field holds: a calendar date, an instant, or nothing usable (spec 2.2, 11: both forms). A year outside 1900–2999, such as
/// that of 0000-00-00, 0001-01-01 or 9999-12-31, is a bank's way to say that there is no date.
/// </summary>
/// <param name="Date">From <c>YYYY-MM-DD</c>.</param>
/// <param name="Instant">From ISO 8601 or Unix time; UTC, to the microsecond.</param>
internal readonly record struct WireMoment(DateOnly? Date, DateTimeOffset? Instant)
{
    private const int FirstYear = 1900;
    private const int LastYear = 2999;
    private const int MostOffsetMinutes = 14 * 60;

    // Unix time below is before 1973: a small number is no time. From the second on it is milliseconds (as seconds it would be the year 5138).
    private const long FirstUnixSecond = 100_000_000;
    private const long FirstUnixMillisecond = 100_000_000_000;

    /// <summary>Reads a field.</summary>
    public static WireMoment Read(JsonElement element)
    {
        var text = JsonText.Utf8(element);
        if (TryParseDate(text, out var date))
            return new WireMoment(date, null);
        return TryParseInstant(text, out var instant) || TryParseUnixTime(text, out instant) ? new WireMoment(null, instant) : default;
    }

    /// <summary>The calendar date, in a time zone where it is an instant.</summary>
    public DateOnly? In(TimeZoneInfo zone) => Date ?? (Instant is { } at ? at.DayIn(zone) : null);

    private static bool TryParseDate(ReadOnlySpan<byte> text, out DateOnly date)
    {
        date = default;
        if (text.Length is not 10 || text[4] is not (byte)'-' || text[7] is not (byte)'-')
            return false;
        if (!TryParseDigits(text[..4], out var year) || !TryParseDigits(text[5..7], out var month) || !TryParseDigits(text[8..], out var day))
            return false;
        if (year is < FirstYear or > LastYear || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        date = new DateOnly(year, month, day);
        return true;
    }

    /// <summary>ISO 8601 with any number of fractional digits; without a zone it is UTC (spec 7.4).</summary>
    private static bool TryParseInstant(ReadOnlySpan<byte> text, out DateTimeOffset instant)
    {
        instant = default;
        if (text.Length < 16 || text[10] is not ((byte)'T' or (byte)'t' or (byte)' ') || !TryParseDate(text[..10], out var date))
            return false;

        var time = text[11..];
        if (time[2] is not (byte)':' || !TryParseDigits(time[..2], out var hour) || !TryParseDigits(time[3..5], out var minute) || hour > 23 || minute > 59)
            return false;
        time = time[5..];

        var second = 0;
        long fraction = 0;
        if (time.StartsWith(":"u8))
        {
            if (time.Length < 3 || !TryParseDigits(time[1..3], out second) || second > 60)
                return false;
            time = time[3..];
            if (!TakeFraction(ref time, out fraction))
                return false;
        }

        if (!TryParseOffset(time, out var offsetMinutes))
            return false;

        var ticks = date.ToDateTime(default).Ticks + ((((hour * 60L) + minute - offsetMinutes) * 60) + second) * TimeSpan.TicksPerSecond + fraction;
        instant = ToMicrosecond(ticks);
        return true;
    }

    /// <summary>Takes a fraction of a second off the text, as ticks of 100 ns; further digits do not count.</summary>
    private static bool TakeFraction(ref ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (!text.StartsWith("."u8) && !text.StartsWith(","u8))
            return true;

        var digits = text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits < 0)
            digits = text.Length - 1;
        for (var i = 0; i < 7; i++)
            ticks = ticks * 10 + (i < digits ? text[1 + i] - '0' : 0);
        text = text[(1 + digits)..];
        return digits > 0;
    }

    private static bool TryParseOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.IsEmpty || text.SequenceEqual("Z"u8) || text.SequenceEqual("z"u8))
            return true;
        if (text[0] is not ((byte)'+' or (byte)'-') || text.Length is not (3 or 5 or 6) || !TryParseDigits(text[1..3], out var hours))
            return false;
        if (text.Length > 3 && (!TryParseDigits(text[^2..], out minutes) || minutes > 59 || (text.Length is 6 && text[3] is not (byte)':')))
            return false;
        minutes += hours * 60;
        if (text[0] is (byte)'-')
            minutes = -minutes;
        return Math.Abs(minutes) <= MostOffsetMinutes;
    }

    private static bool TryParseUnixTime(ReadOnlySpan<byte> text, out DateTimeOffset instant)
    {
        instant = default;
        if (!ExactDecimal.TryParse(text, out var number) || !number.TryToDecimal(out var time) || time < FirstUnixSecond)
            return false;
        var microseconds = time < FirstUnixMillisecond ? time * 1_000_000 : time * 1_000;
        var last = new DateTimeOffset(LastYear, 12, 31, 23, 59, 59, TimeSpan.Zero) - DateTimeOffset.UnixEpoch;
        if (microseconds > (decimal)last.TotalMicroseconds)
            return false;
        instant = ToMicrosecond(DateTimeOffset.UnixEpoch.Ticks + (long)(microseconds * TimeSpan.TicksPerMicrosecond));
        return true;
    }

    // PostgreSQL keeps microseconds; what is compared with what it keeps must have no more.
    private static DateTimeOffset ToMicrosecond(long ticks) =>
        new((ticks + (TimeSpan.TicksPerMicrosecond / 2)) / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    private static bool TryParseDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            if (c is < (byte)'0' or > (byte)'9')
                return false;
            value = value * 10 + (c - '0');
        }

        return true;
    }
}
