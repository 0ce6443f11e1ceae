using System.ComponentModel;

namespace Redbark.Sync.Worker.Api.Runs;

/// <summary>A sync run: which of its chunks came.</summary>
internal sealed record RunResponse(
    string Feed,
    string RunId,
    [property: Description("The type of its events.")] string Type,
    [property: Description("When its first delivery was received.")] DateTime FirstAt,
    [property: Description("When its last delivery so far was received.")] DateTime LastAt,
    [property: Description("How many chunks the sender announced; null when it did not say.")] int? TotalChunks,
    int ReceivedChunks,
    [property: Description("Rows in the chunks that came.")] long Rows,
    [property: Description("The numbers of the chunks that did not come; at most the first 10,000 are looked for.")] IReadOnlyList<int> MissingChunks,
    [property: Description("The gap that the missing chunks are read for by REST; null before it was found, and for a run that is complete.")] long? GapId,
    [property: Description("How far its healing is, as in /gaps.")] string? GapState);
