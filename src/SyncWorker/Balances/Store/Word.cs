using System.Text.Json;

namespace Redbark.Sync.Worker.Balances.Store;

/// <summary>The names of enumerations as they stand in tables, metrics and the API: <c>fallback_from_available</c>.</summary>
internal static class Word
{
    public static string Of<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public static string? Of<T>(T? value) where T : struct, Enum => value is { } some ? Of(some) : null;
}
