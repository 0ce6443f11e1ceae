using System.Text.Json;
using System.Text.Json.Serialization;
using Redbark.Sync.Worker.Reconciliation.Proof;

namespace Redbark.Sync.Worker.Reconciliation.Store;

/// <summary>A <see cref="DriftFinding"/> as it is stored and shown.</summary>
internal sealed record Finding(
    string Cause, string Amount, DateTime? From, DateTime? To, DateOnly? Since, IReadOnlyList<long> TransactionIds, string Evidence)
{
    public static Finding Of(DriftFinding found) => new(
        Words.Of(found.Cause), found.Amount.ToString(System.Globalization.CultureInfo.InvariantCulture), found.From?.UtcDateTime, found.To?.UtcDateTime,
        found.Since, found.Rows, found.Evidence);

    public static string Write(IEnumerable<DriftFinding> findings) => JsonSerializer.Serialize([.. findings.Select(Of)], FindingJson.Default.ListFinding);

    public static IReadOnlyList<Finding> Read(string json) => JsonSerializer.Deserialize(json, FindingJson.Default.ListFinding)!;
}

/// <summary>Statuses and causes as they stand in the database and in the API.</summary>
internal static class Words
{
    public static string Of<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(List<Finding>))]
internal sealed partial class FindingJson : JsonSerializerContext;
