namespace Redbark.Sync.Worker.Settlement;

/// <summary>One transaction of the account whose rows are settled.</summary>
internal sealed record SettlementRow
{
    /// <summary>The ledger's id: names the row in what comes out, and decides nothing.</summary>
    public required long Id { get; init; }
    public required string ExternalId { get; init; }

    /// <summary>What the feed says now; a hold may say so too (spec 7.5).</summary>
    public required bool IsPosted { get; init; }

    /// <summary>A posted row that was pending under this very id: it is settled by itself and is nobody's twin.</summary>
    public bool WasPending { get; init; }
    public required decimal Amount { get; init; }
    public required string Currency { get; init; }
    public required DateOnly BookedOn { get; init; }
    public DateOnly? PostedOn { get; init; }
    public DateTimeOffset? OccurredAt { get; init; }
    public string? Description { get; init; }
    public string? MerchantName { get; init; }
    public string? Reference { get; init; }

    /// <summary>An order that follows from what the rows say, so that neither arrival nor the ledger's ids decide. External ids are unique in an account.</summary>
    public static Comparer<SettlementRow> ByContent { get; } = Comparer<SettlementRow>.Create(static (left, right) =>
    {
        var order = left.BookedOn.CompareTo(right.BookedOn);
        if (order == 0)
            order = Nullable.Compare(left.PostedOn, right.PostedOn);
        if (order == 0)
            order = Nullable.Compare(left.OccurredAt, right.OccurredAt);
        return order != 0 ? order : string.CompareOrdinal(left.ExternalId, right.ExternalId);
    });
}

/// <summary>The external ids of a pending row (or hold) and of a posted one.</summary>
internal readonly record struct RowPair(string Pending, string Posted);

/// <summary>What people have decided about pairs of one account, the newest decision first.</summary>
internal sealed record SettlementDecisions(IReadOnlyList<RowPair> Accepted, IReadOnlySet<RowPair> Rejected)
{
    public static SettlementDecisions None { get; } = new([], new HashSet<RowPair>());
}
