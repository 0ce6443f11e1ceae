using System.Text;
using System.Text.Json;
using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Worker.Ledger;

/// <summary>Finds the text of a usable row in its body, for the few of which a person may want to see it.</summary>
internal static class RawRows
{
    /// <param name="body">The body that the row stands in.</param>
    /// <param name="index">0-based position: through <c>data.new</c>, then on through <c>data.updated</c>.</param>
    /// <returns>Null when the body has no such row.</returns>
    public static string? Find(StoredBody body, int index)
    {
        var bytes = BodyStore.Unpack(body).AsMemory();
        using var document = JsonDocument.Parse(bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? bytes[3..] : bytes, new JsonDocumentOptions { MaxDepth = DeliveryReader.MaximumDepth });
        if (!document.RootElement.TryGetProperty("data", out var data))
            return null;
        foreach (var name in (string[])["new", "updated"])
        {
            if (!data.TryGetProperty(name, out var rows) || rows.ValueKind is not JsonValueKind.Array)
                continue;
            if (index < rows.GetArrayLength())
                return Text.Clean(rows[index].GetRawText());
            index -= rows.GetArrayLength();
        }

        return null;
    }
}
