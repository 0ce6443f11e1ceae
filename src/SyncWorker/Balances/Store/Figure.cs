using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Redbark.Sync.Worker.Ledger;

namespace Redbark.Sync.Worker.Balances.Store;

/// <summary>One figure of a provider as it is kept and shown.</summary>
internal sealed record Figure(
    [property: Description("The provider's word for it, verbatim.")] string Type,
    [property: Description("current, available, booked, expected, cleared, forward, opening, information, credit_limit or other.")] string Kind,
    [property: Description("Decimal string; positive is in the holder's favour.")] string Amount,
    [property: Description("The amount exactly as it was received; some providers send the sign apart.")] string Received,
    string Currency,
    [property: Description("The provider's own time of it.")] DateTime? AsOf,
    [property: Description("Credit that the provider tells of beside it.")] IReadOnlyList<FigureCreditLine> CreditLines)
{
    public static string Write(IEnumerable<BalanceObservation> observations) => JsonSerializer.Serialize([.. observations.Select(Of)], FigureJson.Default.FigureArray);

    public static IReadOnlyList<Figure> Read(string json) => JsonSerializer.Deserialize(json, FigureJson.Default.FigureArray)!;

    private static Figure Of(BalanceObservation seen) => new(
        Text.Clean(seen.ProviderType), Word.Of(seen.Kind), seen.Amount.ToString(CultureInfo.InvariantCulture), Text.Clean(seen.AmountText), Text.Clean(seen.Currency),
        seen.AsOf?.UtcDateTime,
        [.. seen.CreditLines.Select(line => new FigureCreditLine(
            line.Included, Text.Clean(line.ProviderType), line.Amount?.ToString(CultureInfo.InvariantCulture), Text.Clean(line.Currency)))]);
}

/// <summary>Credit beside a figure.</summary>
internal sealed record FigureCreditLine(
    [property: Description("Whether the figure holds it.")] bool Included,
    [property: Description("The provider's word for it, verbatim.")] string? Type,
    [property: Description("Decimal string.")] string? Amount,
    string? Currency);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Figure[]))]
internal sealed partial class FigureJson : JsonSerializerContext;
