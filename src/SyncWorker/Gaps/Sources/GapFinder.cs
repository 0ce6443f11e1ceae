using Redbark.Sync.Worker.Gaps.Store;

namespace Redbark.Sync.Worker.Gaps.Sources;

/// <summary>Asks every source for gaps, and records each once.</summary>
internal sealed class GapFinder(IEnumerable<IGapSource> sources, GapStore gaps)
{
    /// <returns>How many are new.</returns>
    public async Task<int> FindAsync(CancellationToken cancellation)
    {
        var found = 0;
        foreach (var source in sources)
        {
            foreach (var gap in await source.FindAsync(cancellation))
                found += await gaps.RecordAsync(gap, cancellation) ? 1 : 0;
        }

        return found;
    }
}
