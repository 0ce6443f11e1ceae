using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Gaps.Schema;

namespace Redbark.Sync.Worker.Gaps.Reading;

/// <summary>Which days of an account are to be read, and what for.</summary>
/// <param name="Origin">What they are read for, as the deliveries say that bring the rows.</param>
/// <param name="Window">The days.</param>
/// <param name="OnlyWhatDiffers">Whether rows are counted first, so that only days are read on which bank and ledger differ.</param>
internal sealed record ReadOrder(string Origin, DayWindow Window, bool OnlyWhatDiffers = false)
{
    public static ReadOrder Of(Gap gap) => new(RestDelivery.OriginOf(gap), new DayWindow(gap.FromDay, gap.ToDay), gap.Kind == GapKind.Drift);
}

/// <summary>Which accounts may have to be read.</summary>
/// <param name="AccountId">The ledger's account; null for all.</param>
/// <param name="Type">The event type whose rows they have; null for any.</param>
/// <param name="Feed">The feed whose time zone counts where the account's own is not known.</param>
/// <param name="WithoutTrades">Whether brokerage accounts are read of which the ledger has no trade: the plan may not cover them.</param>
internal sealed record ReadScope(long? AccountId, string? Type, string? Feed, bool WithoutTrades)
{
    public static ReadScope Of(Gap gap) => new(gap.AccountId, gap.Type, gap.Feed, gap.Kind != GapKind.SilentFeed);

    /// <summary>True for brokerage, false for banking, null for both.</summary>
    public bool? IsBrokerage => Type is null ? null : Type == EventTypes.TradesSynced;
}
