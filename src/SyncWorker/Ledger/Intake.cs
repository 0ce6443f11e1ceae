using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Archive;
using Redbark.Sync.Worker.Quarantine.Decisions;

namespace Redbark.Sync.Worker.Ledger;

/// <summary>Whether a delivery is new, or comes out of the archive.</summary>
internal enum IntakeMode
{
    /// <summary>From the ingress.</summary>
    Fresh,

    /// <summary>From the archive, into a ledger that has seen it: what it says there of its rows is moved on.</summary>
    Replay,

    /// <summary>From the archive, into an empty ledger: its rows are counted anew.</summary>
    Rebuild,
}

/// <summary>A message, taken apart for the ledger.</summary>
internal sealed record Intake
{
    public required Delivery Delivery { get; init; }

    /// <summary>What the archive will say when nothing goes wrong.</summary>
    public required string Status { get; init; }
    public string? Error { get; init; }
    public IReadOnlyList<TransactionRow> Transactions { get; init; } = [];
    public IReadOnlyList<TradeRow> Trades { get; init; } = [];
    public IReadOnlyList<RejectedRow> Rejected { get; init; } = [];
    public IntakeMode Mode { get; init; }

    /// <summary>What people decided about rows of it, by their place. Corrected ones stand among the rows, dropped ones where they stood.</summary>
    public IReadOnlyDictionary<int, RowDecision> Decided { get; init; } = new Dictionary<int, RowDecision>();

    /// <summary>The rows as sent that were corrected and could not be used as they were, by their place.</summary>
    public IReadOnlyDictionary<int, RejectedRow> CorrectedFrom { get; init; } = new Dictionary<int, RejectedRow>();

    /// <summary>The decision for whose sake it is applied again; it is kept in the same transaction.</summary>
    public RowDecision? Deciding { get; init; }

    /// <summary><c>transaction</c> or <c>trade</c>.</summary>
    public string Kind { get; init; } = TransactionTable.Instance.Kind;

    public int RowCount => Transactions.Count + Trades.Count + Rejected.Count;

    public DateTimeOffset ReceivedAt => DeliveryArchive.ReceivedAt(Delivery);

    public DateTimeOffset ObservedAt => Delivery.Envelope?.ObservedAt ?? Delivery.SignedAt;

    public IEnumerable<AccountReference> Accounts =>
        Transactions.Select(row => row.Account).Concat(Trades.Select(row => row.Account)).Distinct().Select(Text.Clean);

    public static Intake Of(IDelivered message) => message switch
    {
        TransactionsDelivered(var delivery, var rows, var rejected) =>
            new Intake { Delivery = delivery, Status = DeliveryStatus.Applied, Transactions = rows, Rejected = rejected },
        TradesDelivered(var delivery, var rows, var rejected) =>
            new Intake { Delivery = delivery, Status = DeliveryStatus.Applied, Trades = rows, Rejected = rejected, Kind = TradeTable.Instance.Kind },
        UnreadableDelivered(var delivery, var reason) => new Intake { Delivery = delivery, Status = DeliveryStatus.Unreadable, Error = reason },
        UnrecognisedDelivered(var delivery) => new Intake { Delivery = delivery, Status = DeliveryStatus.Unrecognised },
        _ => throw new ArgumentException($"{message.GetType().Name} must be read before it is applied.", nameof(message)),
    };
}
