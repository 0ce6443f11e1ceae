using Redbark.Sync.Contracts;

namespace Redbark.Sync.Worker.Ledger;

/// <summary>What became of one row.</summary>
internal enum RowFate
{
    Applied,
    Unchanged,
    Quarantined,
    Ignored,
}

/// <summary>One row as one delivery saw it, on its way into the ledger.</summary>
internal abstract class Observation
{
    public required int Index { get; init; }
    public required RowOrigin Origin { get; init; }
    public required AccountReference Account { get; init; }
    public required string ExternalId { get; init; }
    public required Precedence Precedence { get; init; }
    public required Guid DeliveryId { get; init; }

    /// <summary>The currency that the row names.</summary>
    public required string? OwnCurrency { get; init; }

    /// <summary>The quarantine item it comes from, when it waited there for its account's currency.</summary>
    public long? QuarantineId { get; init; }

    public long AccountId { get; set; }

    /// <summary>The row's currency, or its account's.</summary>
    public string? Currency { get; set; }

    public RowFate Fate { get; private set; }

    public string? Reason { get; private set; }

    public (long AccountId, string ExternalId) Key => (AccountId, ExternalId);

    public void End(RowFate fate, string? reason = null) => (Fate, Reason) = (fate, reason);
}

/// <inheritdoc cref="Observation"/>
internal sealed class Observation<TRow> : Observation
{
    public required TRow Row { get; init; }

    /// <summary>The same, observed at another time.</summary>
    public Observation<TRow> At(DateTimeOffset observedAt) => new()
    {
        Row = Row,
        Index = Index,
        Origin = Origin,
        Account = Account,
        ExternalId = ExternalId,
        Precedence = Precedence with { ObservedAt = observedAt },
        DeliveryId = DeliveryId,
        OwnCurrency = OwnCurrency,
        AccountId = AccountId,
        Currency = Currency,
    };
}
