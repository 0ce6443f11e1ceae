using System.Text.Json;

namespace Redbark.Sync.Wire.Rest;

/// <summary>The rows of one read, gathered over its pages; a row that comes again counts once, as it came last.</summary>
/// <param name="reader">Reads a row.</param>
/// <param name="belongs">Whether a row is one of those that were asked for.</param>
internal sealed class RowSet<TRow>(RestReader<TRow> reader, Func<TRow, bool> belongs)
    where TRow : class
{
    private readonly OrderedDictionary<string, TRow> _rows = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, UnusableRow> _unusable = new(StringComparer.Ordinal);
    private readonly SortedSet<DateOnly> _truncatedDays = [];
    private DateTimeOffset _notOlderThan = DateTimeOffset.MaxValue;

    /// <summary>Takes the rows of a page, and returns what names each of them.</summary>
    public IReadOnlyList<string> Add(RestAnswer page)
    {
        if (page.NotOlderThan < _notOlderThan)
            _notOlderThan = page.NotOlderThan;
        return [.. page.Data.EnumerateArray().Select(Add)];
    }

    /// <summary>Notes a day of which more rows may be there than were read.</summary>
    public void Truncated(DateOnly day) => _truncatedDays.Add(day);

    public RestRead<TRow> ToRead() => new([.. _rows.Values], [.. _unusable.Values], _notOlderThan) { TruncatedDays = [.. _truncatedDays] };

    private string Add(JsonElement element)
    {
        var row = reader.Read(element, out var id, out var unusable);
        if (row is not null && belongs(row))
        {
            _rows[id!] = row;
            return id!;
        }

        unusable ??= new UnusableRow(UnusableRow.OtherAccount, "accountId is that of an account that was not asked for", id, JsonText.Raw(element));
        _unusable[unusable.RawJson] = unusable;
        return unusable.RawJson;
    }
}
