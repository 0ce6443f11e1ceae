using Redbark.Sync.Worker.Api.Gaps;
using Redbark.Sync.Worker.Console.Components;
using Redbark.Sync.Worker.Gaps.Schema;

namespace Redbark.Sync.Worker.Console.Gaps;

/// <summary>Gaps as people speak of them.</summary>
internal static class GapWords
{
    public static readonly IReadOnlyList<string> Kinds = [GapKind.MissingChunk, GapKind.SilentFeed, GapKind.Drift];

    public static readonly IReadOnlyList<string> States = [GapState.Open, GapState.Healing, GapState.Failed, GapState.Healed, GapState.Empty];

    public static string Kind(string state) => state switch
    {
        GapState.Healed => "good",
        GapState.Failed => "bad",
        GapState.Healing => "info",
        GapState.Open => "warn",
        _ => "quiet",
    };

    public static string Meaning(string state) => state switch
    {
        GapState.Open => "It waits to be read by REST.",
        GapState.Healing => "It is being read by REST.",
        GapState.Healed => "What was missing is in the ledger.",
        GapState.Empty => "REST has nothing that the ledger lacks.",
        GapState.Failed => "It needs a person. It is tried again once a day all the same; retry it when the cause is mended.",
        _ => "",
    };

    /// <summary>What is missing.</summary>
    public static string What(GapResponse gap) => gap.Kind switch
    {
        GapKind.MissingChunk => $"{(gap.MissingChunks.Count == 1 ? "chunk" : "chunks")} {Chunks.Of(gap.MissingChunks)} of a run",
        GapKind.SilentFeed => $"what feed {gap.Feed} did not bring",
        _ => "rows that the bank's balance counts",
    };

    /// <summary>How it is known.</summary>
    public static string Why(GapResponse gap) => gap.Kind switch
    {
        GapKind.MissingChunk => "The run announced more chunks than came within the time of grace.",
        GapKind.SilentFeed => "Nothing came for longer than the feed's usual pause, so what happened meanwhile may not have come either.",
        _ => "The bank's balance and the ledger differ by an amount that no known row explains.",
    };

    public static bool CanRetry(GapResponse gap) => gap.State is not (GapState.Healed or GapState.Healing);

    public static string Days(DateOnly from, DateOnly to) => from == to ? $"{from:yyyy-MM-dd}" : $"{from:yyyy-MM-dd} to {to:yyyy-MM-dd}";
}
