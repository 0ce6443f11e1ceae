namespace Redbark.Sync.Worker.Reconciliation.Proof;

/// <summary>
/// Something that moved the bank's figure, as the ledger holds it: a posted transaction, or a trade of one security. When the bank took
/// it in is known only between bounds: a row names a day and seldom an instant, and it comes later than it happened.
/// </summary>
internal sealed record Movement
{
    /// <summary>The ledger's id of the row.</summary>
    public required long Id { get; init; }

    /// <summary>Signed, in the account's currency; units, for a trade.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The bank's figure cannot hold it before.</summary>
    public required DateTimeOffset Earliest { get; init; }

    /// <summary>The bank's figure holds it from then on for sure.</summary>
    public required DateTimeOffset Latest { get; init; }

    /// <summary>The best guess between the two; movements are ordered by it.</summary>
    public required DateTimeOffset Likely { get; init; }

    /// <summary>Since when it may have lowered what is available, when it was pending before.</summary>
    public DateTimeOffset? HeldFrom { get; init; }

    /// <summary>Booking date.</summary>
    public required DateOnly On { get; init; }

    /// <summary>Bank narration.</summary>
    public string? Description { get; init; }

    /// <summary>Merchant.</summary>
    public string? Merchant { get; init; }
}

/// <summary>A row that the bank announced and has not booked, while it was so.</summary>
/// <param name="Id">The ledger's id of the row.</param>
/// <param name="Amount">Signed.</param>
/// <param name="From">When the bank may first have known it.</param>
/// <param name="Until">When it was settled or given up; null while it is open.</param>
internal sealed record PendingMovement(long Id, decimal Amount, DateTimeOffset From, DateTimeOffset? Until);
