using System.ComponentModel;

namespace Redbark.Sync.Worker.Api.Paging;

/// <summary>One page of a list.</summary>
internal sealed record Page<T>(
    [property: Description("The items, in the list's order.")] IReadOnlyList<T> Data,
    [property: Description("Send it as 'after' to get the following page; null on the last one.")] string? Next)
{
    /// <summary>The same page of what is made of each item.</summary>
    public Page<TOther> Select<TOther>(Func<T, TOther> of) => new([.. Data.Select(of)], Next);
}

/// <summary>Makes pages. One row more than asked for is read, to know whether another page follows.</summary>
internal static class Page
{
    public const string Limit = "How many items at most.";
    public const string After = "The 'next' of the page before.";

    public static Page<TItem> Of<TRow, TItem, TCursor>(List<TRow> rows, int limit, Func<TRow, TItem> item, Func<TRow, TCursor> cursor)
        where TCursor : class, ICursor<TCursor>
    {
        var count = Math.Min(limit, rows.Count);
        var items = new List<TItem>(count);
        for (var i = 0; i < count; i++)
            items.Add(item(rows[i]));
        return new Page<TItem>(items, rows.Count > limit ? Cursor.Write(cursor(rows[limit - 1])) : null);
    }
}
