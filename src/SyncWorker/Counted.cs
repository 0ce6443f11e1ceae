using System.Globalization;

namespace Redbark.Sync.Worker;

/// <summary>A number of things, in words for people.</summary>
internal static class Counted
{
    /// <returns><c>1 account</c>, <c>2 accounts</c>.</returns>
    /// <param name="count">How many.</param>
    /// <param name="thing">What one of them is called; its plural takes an s.</param>
    public static string Of(int count, string thing) => string.Create(CultureInfo.InvariantCulture, $"{count} {thing}{(count == 1 ? "" : "s")}");
}
