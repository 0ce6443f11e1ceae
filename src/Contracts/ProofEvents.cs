namespace Redbark.Sync.Contracts;

/// <summary>A balance was read from a provider.</summary>
/// <param name="EventId">See <see cref="IWorkerEvent.EventId"/>.</param>
/// <param name="RecordedAt">See <see cref="IWorkerEvent.RecordedAt"/>.</param>
/// <param name="AccountId">The ledger's id of the account that it proves; null when the provider's account is linked to none.</param>
/// <param name="Provider"><c>redbark</c>, <c>revolut</c> or <c>tokenio</c>.</param>
/// <param name="ConnectionId">The connection or consent.</param>
/// <param name="ExternalId">The provider's id of the account.</param>
/// <param name="Current">Money on the account, positive in the holder's favour; null when the provider does not say.</param>
/// <param name="Available">Money that can be spent; null when the provider does not say.</param>
/// <param name="RetrievedAt">When the answer came (UTC).</param>
/// <param name="AsOf">The provider's own time of it (UTC).</param>
public sealed record BalanceObserved(
    Guid EventId, DateTimeOffset RecordedAt, long? AccountId, string Provider, string ConnectionId, string ExternalId, Money? Current, Money? Available,
    DateTimeOffset RetrievedAt, DateTimeOffset? AsOf) : IWorkerEvent;

/// <summary>Ledger and bank differ, longer than rows and balances may take to meet.</summary>
/// <param name="EventId">See <see cref="IWorkerEvent.EventId"/>.</param>
/// <param name="RecordedAt">See <see cref="IWorkerEvent.RecordedAt"/>.</param>
/// <param name="AccountId">The ledger's id of the account.</param>
/// <param name="Expected">Opening and posted rows.</param>
/// <param name="Actual">What the bank says.</param>
/// <param name="Drift">Actual less expected.</param>
/// <param name="Since">The day on which the difference is first seen.</param>
/// <param name="Cause">Machine-readable, as in <c>/api/v1/reconciliation</c>.</param>
public sealed record DriftDetected(
    Guid EventId, DateTimeOffset RecordedAt, long AccountId, Money Expected, Money Actual, Money Drift, DateOnly Since, string Cause) : IWorkerEvent;

/// <summary>Ledger and bank agree again.</summary>
/// <param name="EventId">See <see cref="IWorkerEvent.EventId"/>.</param>
/// <param name="RecordedAt">See <see cref="IWorkerEvent.RecordedAt"/>.</param>
/// <param name="AccountId">The ledger's id of the account.</param>
/// <param name="Drift">What the difference had been.</param>
public sealed record DriftCleared(Guid EventId, DateTimeOffset RecordedAt, long AccountId, Money Drift) : IWorkerEvent;

/// <summary>Rows seem to be missing.</summary>
/// <param name="EventId">See <see cref="IWorkerEvent.EventId"/>.</param>
/// <param name="RecordedAt">See <see cref="IWorkerEvent.RecordedAt"/>.</param>
/// <param name="GapId">The ledger's id of the gap.</param>
/// <param name="Kind"><c>missing_chunk</c>, <c>silent_feed</c> or <c>drift</c>.</param>
/// <param name="AccountId">The account, when the gap is one account's.</param>
/// <param name="Feed">The feed, when the gap is a feed's.</param>
/// <param name="RunId">The sync run whose chunks are missing.</param>
/// <param name="MissingChunks">Their numbers, from 1.</param>
/// <param name="From">First booking date that may be missing.</param>
/// <param name="To">Last booking date that may be missing.</param>
public sealed record GapDetected(
    Guid EventId, DateTimeOffset RecordedAt, long GapId, string Kind, long? AccountId, string? Feed, string? RunId, IReadOnlyList<int> MissingChunks,
    DateOnly? From, DateOnly? To) : IWorkerEvent;

/// <summary>A gap was read by REST and is closed.</summary>
/// <param name="EventId">See <see cref="IWorkerEvent.EventId"/>.</param>
/// <param name="RecordedAt">See <see cref="IWorkerEvent.RecordedAt"/>.</param>
/// <param name="GapId">The ledger's id of the gap.</param>
/// <param name="Kind">See <see cref="GapDetected"/>.</param>
/// <param name="AccountId">See <see cref="GapDetected"/>.</param>
/// <param name="RowsApplied">Rows that entered the ledger or changed it.</param>
/// <param name="After">Time from detection to healing.</param>
public sealed record GapHealed(
    Guid EventId, DateTimeOffset RecordedAt, long GapId, string Kind, long? AccountId, int RowsApplied, TimeSpan After) : IWorkerEvent;

/// <summary>A feed has been quiet for longer than it usually is.</summary>
/// <param name="EventId">See <see cref="IWorkerEvent.EventId"/>.</param>
/// <param name="RecordedAt">See <see cref="IWorkerEvent.RecordedAt"/>.</param>
/// <param name="Feed">The feed.</param>
/// <param name="LastDeliveryAt">When its last delivery came (UTC).</param>
/// <param name="SilentAfter">The quiet that is usual, at most.</param>
public sealed record FeedSilent(Guid EventId, DateTimeOffset RecordedAt, string Feed, DateTimeOffset LastDeliveryAt, TimeSpan SilentAfter) : IWorkerEvent;

/// <summary>A connection to a bank cannot be read until a person does something.</summary>
/// <param name="EventId">See <see cref="IWorkerEvent.EventId"/>.</param>
/// <param name="RecordedAt">See <see cref="IWorkerEvent.RecordedAt"/>.</param>
/// <param name="Provider"><c>redbark</c>, <c>revolut</c> or <c>tokenio</c>.</param>
/// <param name="ConnectionId">The connection or consent.</param>
/// <param name="Institution">The bank's name.</param>
/// <param name="Status">The provider's word for its state.</param>
/// <param name="Reason">What to do, for people.</param>
public sealed record ConnectionNeedsAttention(
    Guid EventId, DateTimeOffset RecordedAt, string Provider, string ConnectionId, string? Institution, string Status, string Reason) : IWorkerEvent;
