namespace Redbark.Sync.Worker;

/// <summary>Booking dates are days of the bank's own time zone, where it may be tomorrow already.</summary>
internal static class NewestDays
{
    /// <summary>The newest day anywhere: that of UTC+14.</summary>
    public static DateOnly NewestDay(this TimeProvider clock) => DateOnly.FromDateTime(clock.GetUtcNow().AddHours(14).UtcDateTime);
}
