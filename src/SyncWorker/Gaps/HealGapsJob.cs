using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Balances.Polling;
using Redbark.Sync.Worker.Balances.RedbarkRest;
using Redbark.Sync.Worker.Balances.Store;
using Redbark.Sync.Worker.Gaps.Sources;
using Redbark.Sync.Worker.Gaps.Schema;
using Redbark.Sync.Worker.Gaps.Store;
using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Gaps;

/// <summary>Finds where rows may be missing, and heals what is due.</summary>
internal sealed class HealGapsJob(
    GapFinder finder, GapHealer healer, GapStore gaps, RedbarkAccess access, IEnumerable<IBalanceProvider> providers, AccountListing listing, BalanceStore balances,
    TimeProvider clock) : IScheduledJob
{
    public string Id => "heal-gaps";

    public string Description => "Finds rows that did not come and reads them by REST";

    public string DefaultCron => "*/5 * * * *";

    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        var found = await finder.FindAsync(cancellation);
        var open = await gaps.OpenAsync(cancellation);
        if (open.Count == 0)
            return "no gap";
        if (access.DisabledBecause is { } disabled)
        {
            await gaps.NoteAsync($"not read by REST: {disabled}", cancellation);
            return $"{Counted.Of(found, "gap")} found, {open.Count} open; not healed: {disabled}";
        }

        var due = open.FindAll(gap => gap.NotBefore is null || gap.NotBefore <= clock.GetUtcNow());
        var listingError = due.Count > 0 ? await ListAsync(cancellation) : null;
        var done = new List<HealedGap>();
        foreach (var gap in due)
        {
            if (await healer.HealAsync(gap.Id, cancellation) is { } healed)
                done.Add(healed);
        }

        return Say(found, done, open.Count - done.Count(gap => gap.State is GapState.Healed or GapState.Empty), listingError);
    }

    /// <summary>A gap may be there before the first listing of accounts is.</summary>
    /// <returns>Why they cannot be listed.</returns>
    private async Task<string?> ListAsync(CancellationToken cancellation)
    {
        if (await balances.CountAsync(RedbarkBalanceProvider.ProviderName, cancellation) > 0)
            return null;
        try
        {
            await listing.ListAsync(providers.Single(provider => provider.Name == RedbarkBalanceProvider.ProviderName), cancellation);
            return null;
        }
        catch (ProviderException error)
        {
            return error.Message;
        }
    }

    private static string Say(int found, IReadOnlyList<HealedGap> done, int open, string? listingError)
    {
        var healed = done.Where(gap => gap.State == GapState.Healed).ToList();
        var parts = new List<string>();
        if (found > 0)
            parts.Add($"{Counted.Of(found, "gap")} found");
        if (healed.Count > 0)
            parts.Add($"{Counted.Of(healed.Count, "gap")} healed: {Counted.Of(healed.Sum(gap => gap.Rows), "row")} of {Counted.Of(healed.Sum(gap => gap.Accounts), "account")}");
        if (done.Count(gap => gap.State == GapState.Empty) is var empty and > 0)
            parts.Add($"{empty} empty");
        if (open > 0)
            parts.Add($"{open} open");
        if ((listingError ?? done.FirstOrDefault(gap => gap.Error is not null)?.Error) is { } error)
            parts.Add(error);
        return parts.Count == 0 ? "nothing is due" : string.Join("; ", parts);
    }
}
