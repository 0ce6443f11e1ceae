using System.Text.Json;

namespace Redbark.Sync.Wire.Rest;

/// <summary>One answer that holds data.</summary>
/// <param name="json">The whole of it.</param>
/// <param name="notOlderThan">The earliest time that it may be from.</param>
/// <param name="truncated">The ceiling of rows was met (spec 5.4).</param>
internal sealed class RestAnswer(JsonDocument json, DateTimeOffset notOlderThan, bool truncated) : IDisposable
{
    public JsonElement Data => json.RootElement.Member("data"u8);

    public DateTimeOffset NotOlderThan => notOlderThan;

    public bool Truncated => truncated;

    /// <summary>Whether there are more rows after these; null when the provider does not say.</summary>
    public bool? HasMore => Pagination("hasMore"u8).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>How many rows there are; null when that is not known: null, -1, or a lower bound (spec 5.3).</summary>
    public long? Total => !truncated && ExactDecimal.TryReadInt64(Pagination("total"u8), out var total) && total >= 0 ? total : null;

    public void Dispose() => json.Dispose();

    private JsonElement Pagination(ReadOnlySpan<byte> name) => json.RootElement.Member("pagination"u8).Member(name);
}
