namespace Redbark.Sync.Worker.Operations;

/// <summary>How far an operation is; all of it is saved together, so nothing is counted twice when another worker goes on.</summary>
/// <param name="Cursor">Where it goes on; null at the beginning.</param>
/// <param name="Total">Steps in all; null until they were counted.</param>
/// <param name="Done">Steps that are done.</param>
/// <param name="Counts">Outcome to count.</param>
/// <param name="Doing">What it is at, in words.</param>
/// <param name="Error">The first thing that could not be done.</param>
internal sealed record Progress(string? Cursor, long? Total, long Done, IReadOnlyDictionary<string, long> Counts, string? Doing, string? Error)
{
    /// <summary>Counted of what could not be done; an operation with any ends as failed.</summary>
    public const string Failures = "failed";

    public Progress Counted(string outcome, long more = 1) =>
        more == 0 ? this : this with { Counts = new Dictionary<string, long>(Counts) { [outcome] = Counts.GetValueOrDefault(outcome) + more } };

    public Progress Failed(string error) => Counted(Failures) with { Error = Error ?? error };
}

/// <summary>What one step came to.</summary>
/// <param name="Progress">As it is then.</param>
/// <param name="IsEnd">Whether nothing is left.</param>
/// <param name="NotBefore">Set when it must rest first.</param>
internal sealed record Step(Progress Progress, bool IsEnd = false, DateTimeOffset? NotBefore = null);
