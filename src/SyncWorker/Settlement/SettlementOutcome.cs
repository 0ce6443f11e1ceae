namespace Redbark.Sync.Worker.Settlement;

/// <summary>Why two rows are taken for one payment; the lower, the stronger.</summary>
internal enum SettlementTier
{
    /// <summary>A person said so.</summary>
    Accepted,

    /// <summary>The same instant, to the second at least.</summary>
    Instant,

    /// <summary>The same bank reference.</summary>
    Reference,

    /// <summary>The same merchant or narration, but for case and spaces.</summary>
    Text,

    /// <summary>The same payee once prefixes, card suffixes and masked numbers are gone.</summary>
    Payee,
}

/// <summary>A pending row or hold, and the posted one that takes its place.</summary>
internal sealed record SettlementLink(long RowId, long ById, SettlementTier Tier, string Reason);

/// <summary>A pair that may be one payment: for a person to decide.</summary>
/// <param name="RowId">The pending row or hold.</param>
/// <param name="ById">The posted one.</param>
/// <param name="Kind"><c>same_amount</c> or <c>amount_differs</c>.</param>
/// <param name="Reason">In words.</param>
/// <param name="Score">0 to 100.</param>
internal sealed record SettlementSuggestion(long RowId, long ById, string Kind, string Reason, int Score);

/// <summary>What the rows of one account come to.</summary>
/// <param name="Links">Settled rows; each id stands in at most one.</param>
/// <param name="Holds">Rows sent as posted that are holds, neither settled nor expired.</param>
/// <param name="Expired">Pending rows and holds that nothing settled in time.</param>
/// <param name="Suggestions">Weaker pairs among what is left.</param>
internal sealed record SettlementOutcome(
    IReadOnlyList<SettlementLink> Links, IReadOnlyList<long> Holds, IReadOnlyList<long> Expired, IReadOnlyList<SettlementSuggestion> Suggestions);
