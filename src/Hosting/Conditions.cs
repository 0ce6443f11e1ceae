namespace Redbark.Sync.Hosting;

/// <summary>Something that somebody should know of for as long as it lasts.</summary>
/// <param name="Kind">What it is, in a word: <c>drift</c>.</param>
/// <param name="Subject">Which one, if there can be several of the kind; else empty.</param>
/// <param name="Summary">In a sentence for people. Holds no secret.</param>
/// <param name="Action">What to do about it.</param>
/// <param name="Since">When it began, where that is known.</param>
public sealed record Condition(string Kind, string Subject, string Summary, string Action, DateTimeOffset? Since);

/// <summary>A part of the host that knows of conditions.</summary>
public interface IConditionSource
{
    /// <summary>Every <see cref="Condition.Kind"/> that it can tell of, and no other source does: of those its silence is no news while it fails.</summary>
    IReadOnlyCollection<string> Kinds { get; }

    /// <summary>Those that hold now.</summary>
    Task<IReadOnlyList<Condition>> ReadAsync(CancellationToken cancellation);
}
