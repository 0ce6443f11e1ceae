namespace Redbark.Sync.Worker.Gaps.Sources;

/// <summary>One way to know that rows may be missing.</summary>
internal interface IGapSource
{
    /// <summary>Finds the gaps that there are now, known ones or not, and closes those of its kind that closed by themselves.</summary>
    Task<List<FoundGap>> FindAsync(CancellationToken cancellation);
}
