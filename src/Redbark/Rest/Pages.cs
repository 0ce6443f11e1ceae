using Redbark.Sync.Wire.Http;

namespace Redbark.Sync.Wire.Rest;

/// <summary>Walks the pages of a list (spec 5.3).</summary>
internal static class Pages
{
    /// <summary>No list has this many pages; one that has them anyway makes up rows.</summary>
    public const int Most = 1000;

    /// <summary>Reads page after page into a set.</summary>
    /// <param name="get">Gets the page that begins at an offset.</param>
    /// <param name="limit">The rows of a full page.</param>
    /// <param name="rows">The set.</param>
    /// <param name="mayStop">Whether to stop at the first page that is truncated.</param>
    /// <returns>True when a page was truncated.</returns>
    /// <exception cref="ProviderException">A page could not be read, or repeats what came before.</exception>
    public static async Task<bool> WalkAsync<TRow>(Func<long, Task<RestAnswer>> get, int limit, RowSet<TRow> rows, bool mayStop)
        where TRow : class
    {
        long offset = 0;
        var truncated = false;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var pages = 0; pages < Most; pages++)
        {
            using var page = await get(offset);
            var names = rows.Add(page);
            truncated |= page.Truncated;
            if ((truncated && mayStop) || names.Count == 0 || !(page.HasMore ?? names.Count >= limit))
                return truncated;
            var known = seen.Count;
            seen.UnionWith(names);
            if (seen.Count == known)
                throw new ProviderException(ProviderFault.Protocol, $"the page at row {offset} repeats rows that came before and says that there are more");
            offset += names.Count;
        }

        throw new ProviderException(ProviderFault.Protocol, $"the list does not end: {Most} pages, and there are said to be more");
    }
}
