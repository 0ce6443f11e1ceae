using System.Text.Json;

namespace Redbark.Sync.Wire;

/// <summary>A row of <c>data.new</c> or <c>data.updated</c> that can be written.</summary>
public interface IWireRow
{
    /// <summary>Writes the row as one JSON value.</summary>
    void WriteTo(Utf8JsonWriter writer, WireShape shape);
}

/// <summary>Which version of the documentation a body follows (spec 2.2, 2.6, 11).</summary>
public enum WireShape
{
    /// <summary>Everything that any source has seen: <c>local_date</c>, <c>account_public_id</c>, <c>custom_category</c>, …</summary>
    Newest,

    /// <summary>docs-v1: none of those.</summary>
    DocsV1,
}

/// <summary>A row given as text, for rows as no bank should send them.</summary>
/// <param name="Json">Written as it is, unchecked.</param>
public sealed record WireRawRow(string Json) : IWireRow
{
    /// <inheritdoc/>
    public void WriteTo(Utf8JsonWriter writer, WireShape shape)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteRawValue(Json, skipInputValidation: true);
    }
}
