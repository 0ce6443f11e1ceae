using System.Globalization;

namespace Redbark.Sync.Wire;

/// <summary>Dates and instants as they stand in rows (spec 2.2, 7.4).</summary>
public static class WireTime
{
    /// <summary><c>2026-08-14</c>.</summary>
    public static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary><c>2026-08-13T19:35:43.5660000Z</c>: UTC with seven fractional digits.</summary>
    public static string Instant(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
