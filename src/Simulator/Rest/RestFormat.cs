using System.Globalization;
using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Simulator.Rest;

/// <summary>How values are written in REST answers.</summary>
internal static class RestFormat
{
    /// <summary>A decimal string with the currency's decimals: <c>-45.50</c>.</summary>
    public static string Amount(long minorUnits, string currency) => Decimal(Money.FromMinorUnits(minorUnits, currency).Amount);

    public static string Decimal(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Date(DateOnly date) => WireTime.Date(date);

    /// <summary>Milliseconds, as on connections and balances.</summary>
    public static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Seven digits, as on rows (spec 7.4).</summary>
    public static string LongInstant(DateTimeOffset instant) => WireTime.Instant(instant);
}
