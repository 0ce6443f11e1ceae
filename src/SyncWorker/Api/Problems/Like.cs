namespace Redbark.Sync.Worker.Api.Problems;

/// <summary>Patterns for ILIKE in which what somebody searches for stands for itself.</summary>
internal static class Like
{
    public const string Escape = "\\";

    public static string Containing(string text) =>
        $"%{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
}
