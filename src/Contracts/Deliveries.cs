namespace Redbark.Sync.Contracts;

/// <summary>What the ingress publishes for every delivery it accepted: exactly one message a delivery.</summary>
public interface IDelivered
{
    /// <summary>The delivery.</summary>
    Delivery Delivery { get; }
}

/// <summary>A <c>transactions.synced</c> delivery, its rows converted.</summary>
/// <param name="Delivery">The delivery.</param>
/// <param name="Rows">The usable rows, in the order of the body.</param>
/// <param name="Rejected">The others; every row of the body is in exactly one of the two lists.</param>
public sealed record TransactionsDelivered(Delivery Delivery, IReadOnlyList<TransactionRow> Rows, IReadOnlyList<RejectedRow> Rejected) : IDelivered;

/// <summary>A <c>trades.synced</c> delivery, its rows converted.</summary>
/// <param name="Delivery">The delivery.</param>
/// <param name="Rows">The usable rows, in the order of the body.</param>
/// <param name="Rejected">The others; every row of the body is in exactly one of the two lists.</param>
public sealed record TradesDelivered(Delivery Delivery, IReadOnlyList<TradeRow> Rows, IReadOnlyList<RejectedRow> Rejected) : IDelivered;

/// <summary>A signed delivery whose body is not a webhook envelope.</summary>
/// <param name="Delivery">The delivery; its envelope is null, or holds what could be read.</param>
/// <param name="Reason">What was found and what is expected.</param>
public sealed record UnreadableDelivered(Delivery Delivery, string Reason) : IDelivered;

/// <summary>A signed delivery of a type that is not known here, such as a thin event (spec 4).</summary>
/// <param name="Delivery">The delivery.</param>
public sealed record UnrecognisedDelivered(Delivery Delivery) : IDelivered;

/// <summary>
/// A delivery too large to carry its rows beside its body in one message (brokers cap messages; RabbitMQ 4 at 16 MiB): the
/// worker reads the rows from the body.
/// </summary>
/// <param name="Delivery">The delivery; its envelope is null.</param>
public sealed record LargeDelivered(Delivery Delivery) : IDelivered;
