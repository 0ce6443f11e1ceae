using System.Globalization;
using Redbark.Sync.Contracts;
using System.Text.Json.Nodes;

namespace Redbark.Sync.Simulator.OpenBanking.Revolut;

/// <summary>How values are written: amounts without a sign and with 1 to 5 decimals (spec 2.5).</summary>
internal static class RevolutFormat
{
    public static string Indicator(long minorUnits) => minorUnits < 0 ? "Debit" : "Credit";

    public static string Digits(long minorUnits, string currency)
    {
        var amount = decimal.Abs(Money.FromMinorUnits(minorUnits, currency).Amount);
        return amount.ToString(amount.Scale == 0 ? "0.00" : null, CultureInfo.InvariantCulture);
    }

    public static JsonObject Amount(string digits, string currency) => new() { ["Amount"] = digits, ["Currency"] = currency };

    public static JsonObject Amount(long minorUnits, string currency) => Amount(Digits(minorUnits, currency), currency);

    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public static string Second(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Without a zone, as in <c>Links.Next</c> (spec 2.6).</summary>
    public static string ZonelessInstant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    /// <summary>The frame of every answer with data. <c>Links.Self</c> is the address that was called.</summary>
    public static JsonObject Framed(JsonObject data, HttpRequest request) => new()
    {
        ["Data"] = data,
        ["Links"] = new JsonObject { ["Self"] = Address(request) },
        ["Meta"] = new JsonObject { ["TotalPages"] = 1 },
    };

    public static string Address(HttpRequest request) => $"{request.Scheme}://{request.Host}{request.PathBase}{request.Path}";
}
