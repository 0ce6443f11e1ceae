using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Quarantine.Decisions;

namespace Redbark.Sync.Worker.Quarantine;

/// <summary>A row of a delivery that cannot be applied.</summary>
internal sealed record BadRow
{
    public required int Index { get; init; }
    public required RowOrigin Origin { get; init; }
    public required string Kind { get; init; }
    public required string Reason { get; init; }
    public required string Detail { get; init; }
    public string? ExternalId { get; init; }
    public required string RawJson { get; init; }

    /// <summary>The same bad row has the same hash.</summary>
    public required Guid RowHash { get; init; }

    /// <summary>Set, with the next two, for a row that only waits for its account's currency.</summary>
    public long? AccountId { get; init; }
    public string? Parsed { get; init; }
    public DateTimeOffset? ObservedAt { get; init; }

    /// <summary>Somebody dropped it; it is kept as that.</summary>
    public RowDecision? Dropped { get; init; }

    public RowFate Fate { get; private set; } = RowFate.Quarantined;

    public string? IgnoredFor { get; private set; }

    /// <summary>It lies in quarantine already.</summary>
    public void Ignore() => (Fate, IgnoredFor) = (RowFate.Ignored, IgnoredReason.AlreadyQuarantined);

    /// <summary>It was taken in; one that was dropped does not wait there.</summary>
    public void Take()
    {
        if (Dropped is not null)
            (Fate, IgnoredFor) = (RowFate.Ignored, IgnoredReason.Dropped);
    }

    public static BadRow From(RejectedRow row, string kind, string feed, ContentHash hash)
    {
        var raw = Text.Clean(row.RawJson);
        return new BadRow
        {
            Index = row.Index,
            Origin = row.Origin,
            Kind = kind,
            Reason = Text.Clean(row.Reason),
            Detail = Text.Clean(row.Detail),
            ExternalId = Text.Identity(row.ExternalId),
            RawJson = raw,
            RowHash = hash.Of(kind, feed, raw),
        };
    }

    /// <summary>
    /// A row without a currency in an account without one. Its observation is part of its hash: when the currency becomes known, the
    /// newest must be there to win.
    /// </summary>
    public static BadRow Waiting<TRow>(Observation<TRow> row, RowTable<TRow> table, string rawJson, ContentHash hash)
    {
        var parsed = table.ToJson(row.Row);
        return new BadRow
        {
            Index = row.Index,
            Origin = row.Origin,
            Kind = table.Kind,
            Reason = RowRejection.CurrencyUnknown,
            Detail = "currency is missing, and no row of the account has named one yet; it is applied as soon as one does",
            ExternalId = row.ExternalId,
            RawJson = rawJson,
            RowHash = hash.Of(table.Kind, row.Account.ExternalId, row.Account.PublicId, $"{row.Precedence.ObservedAt.UtcTicks}", $"{row.Precedence.ContentHash}"),
            AccountId = row.AccountId,
            Parsed = parsed,
            ObservedAt = row.Precedence.ObservedAt,
        };
    }
}
