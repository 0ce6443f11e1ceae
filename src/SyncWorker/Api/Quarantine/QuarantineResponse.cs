using System.ComponentModel;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Api.Quarantine;

/// <summary>A row that could not be applied.</summary>
internal sealed record QuarantineResponse(
    [property: Description("The ledger's id of the item.")] long Id,
    [property: Description("open, applied or dropped.")] string State,
    [property: Description("Machine-readable, such as amount_invalid.")] string Reason,
    [property: Description("What was found and what is expected.")] string Detail,
    [property: Description("transaction or trade.")] string Kind,
    [property: Description("The delivery that brought it.")] Guid DeliveryId,
    [property: Description("0-based place among the delivery's rows: through data.new, then on through data.updated.")] int RowIndex,
    [property: Description("new or updated: the array it came in.")] string Origin,
    [property: Description("The row's id at the provider, where it has a usable one.")] string? ExternalId,
    [property: Description("The account whose currency it waits for, where it does.")] long? AccountId,
    [property: Description("The row's JSON text exactly as it stood in the body.")] string RawJson,
    [property: Description("What an operator wrote when dropping or editing it.")] string? Note,
    [property: Description("Whether it entered the ledger by an operator's correction, which can be undone.")] bool Edited,
    [property: Description("What it was corrected to.")] string? CorrectedJson,
    [property: Description("Who dropped or edited it: the person, or the configuration key of the token.")] string? DecidedBy,
    DateTime CreatedAt,
    DateTime? ResolvedAt)
{
    public static QuarantineResponse Of(DecidedRow decided) => Of(decided.Row, decided.Decision);

    private static QuarantineResponse Of(QuarantinedRow row, StoredDecision? decision) => new(
        row.Id,
        row.State,
        row.Reason,
        row.Detail,
        row.Kind,
        row.DeliveryId,
        row.RowIndex,
        row.Origin,
        row.ExternalId,
        row.AccountId,
        row.RawJson,
        row.Note,
        row.Fate is not null,
        row.Fate is null ? null : decision?.CorrectedJson,
        row.Fate is null && row.State != "dropped" ? null : decision?.DecidedBy,
        row.CreatedAt.UtcDateTime,
        row.ResolvedAt?.UtcDateTime);
}

/// <summary>A row and what was decided about it, if anything.</summary>
internal sealed record DecidedRow(QuarantinedRow Row, StoredDecision? Decision)
{
    public static IQueryable<DecidedRow> Of(LedgerDbContext ledger, IQueryable<QuarantinedRow> rows) =>
        from row in rows
        join decision in ledger.QuarantineDecisions on row.RowHash equals decision.RowHash into decisions
        from decision in decisions.DefaultIfEmpty()
        select new DecidedRow(row, decision);
}

/// <summary>A correction.</summary>
internal sealed record EditRequest(
    [property: Description("The row's JSON text as it should have been, at most 262,144 characters. Its id and account stay what the bank sent, where it sent usable ones.")] string? Json,
    [property: Description("Why; at most 2,000 characters.")] string? Note);

/// <summary>What an operator says when dropping a row.</summary>
internal sealed record DropRequest([property: Description("Why; at most 2,000 characters.")] string? Note);
