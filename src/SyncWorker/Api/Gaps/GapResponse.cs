using System.ComponentModel;
using System.Text.Json;
using Redbark.Sync.Worker.Gaps.Schema;
using Redbark.Sync.Worker.Ledger;

namespace Redbark.Sync.Worker.Api.Gaps;

/// <summary>A window in which rows may be missing, and how far its healing is.</summary>
internal record GapResponse(
    [property: Description("The ledger's id.")] long Id,
    [property: Description("missing_chunk, silent_feed or drift.")] string Kind,
    [property: Description("open: to be read. healing: being read. healed: rows entered, or what was missing came by itself. empty: REST has nothing more. failed: it needs a person, and is tried again once a day.")]
    string State,
    [property: Description("The ledger's id of the account, when it is one account's.")] long? AccountId,
    string? Feed,
    string? RunId,
    [property: Description("The event type whose rows may be missing; null for any.")] string? Type,
    IReadOnlyList<int> MissingChunks,
    [property: Description("First booking date that may be missing.")] DateOnly From,
    [property: Description("Last booking date that may be missing.")] DateOnly To,
    [property: Description("Of drift: bank less ledger, a decimal string.")] string? Amount,
    DateTime DetectedAt,
    [property: Description("When it was found, or opened again.")] DateTime OpenedAt,
    DateTime? ClosedAt,
    int Attempts,
    [property: Description("Not read (again) before that.")] DateTime? NotBefore,
    int RowsRead,
    [property: Description("Rows that entered the ledger or changed it since it was opened.")] int RowsApplied,
    string? LastError,
    string? Note)
{
    public static GapResponse Of(Gap gap) => new(
        gap.Id, gap.Kind, gap.State, gap.AccountId, gap.Feed, gap.RunId, gap.Type, gap.MissingChunks, gap.FromDay, gap.ToDay, DecimalText.Of(gap.Amount),
        gap.DetectedAt.UtcDateTime, gap.OpenedAt.UtcDateTime, gap.ClosedAt?.UtcDateTime, gap.Attempts, gap.NotBefore?.UtcDateTime, gap.RowsRead, gap.RowsApplied,
        gap.LastError, gap.Note);
}

/// <summary>A gap with all that was read for it.</summary>
internal sealed record GapDetailResponse : GapResponse
{
    public GapDetailResponse(Gap gap, IEnumerable<GapRead> reads) : base(GapResponse.Of(gap)) => Reads = [.. reads.Select(GapReadResponse.Of)];

    [Description("The oldest first.")]
    public IReadOnlyList<GapReadResponse> Reads { get; }
}

/// <summary>One account's window, read for a gap.</summary>
internal sealed record GapReadResponse(
    [property: Description("The ledger's id of the provider's account, as in /balances.")] long BalanceId,
    [property: Description("The ledger's id of the account; null while it had no row of it.")] long? AccountId,
    DateOnly From,
    DateOnly To,
    [property: Description("How many days were read; on the others bank and ledger had as many rows.")] int Days,
    [property: Description("How often the bank's rows were counted to find them.")] int Counts,
    DateTime ReadAt,
    [property: Description("The earliest time that the data may be from: the provider caches.")] DateTime NotOlderThan,
    int Rows,
    int Applied,
    [property: Description("How the rows entered, as in /deliveries.")] IReadOnlyList<Guid> DeliveryIds,
    [property: Description("Days with more rows than could be reached.")] IReadOnlyList<DateOnly> TruncatedDays,
    [property: Description("Reason to count of rows that could not be used.")] IReadOnlyDictionary<string, int> Unusable)
{
    public static GapReadResponse Of(GapRead read) => new(
        read.ProviderAccountId, read.AccountId, read.FromDay, read.ToDay, read.Days, read.Counts, read.ReadAt.UtcDateTime, read.NotOlderThan.UtcDateTime, read.Rows,
        read.Applied, read.DeliveryIds, read.TruncatedDays, JsonSerializer.Deserialize(read.Unusable, LedgerJson.Default.DictionaryStringInt32)!);
}
