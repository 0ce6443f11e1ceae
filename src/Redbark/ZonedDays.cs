namespace Redbark.Sync.Wire;

/// <summary>Days of moments.</summary>
public static class ZonedDays
{
    /// <summary>The calendar day that a moment falls on in a zone.</summary>
    public static DateOnly DayIn(this DateTimeOffset moment, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, zone).DateTime);
}
