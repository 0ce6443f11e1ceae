using Redbark.Sync.Worker.Api.Settlements;
using Redbark.Sync.Worker.Api.Transactions;

namespace Redbark.Sync.Worker.Console.Suggestions;

/// <summary>A pair that a person decided about.</summary>
/// <param name="Key">Names it on the page.</param>
/// <param name="Undo">Where the decision is taken back.</param>
internal sealed record SaidPair(string Key, long AccountId, TransactionResponse Pending, TransactionResponse Posted, DateTime At, string? By, string? Note, string Undo)
{
    public static SaidPair Of(LinkResponse link) => new(
        $"link-{link.Pending.Id}", link.AccountId, link.Pending, link.Posted, link.Since, null, null, $"/suggestions/links/{link.Pending.Id}/{link.Posted.Id}/undo");

    public static SaidPair Of(RejectionResponse pair) => new(
        $"rejection-{pair.Pending.Id}-{pair.Posted.Id}", pair.AccountId, pair.Pending, pair.Posted, pair.RejectedAt, pair.By, pair.Note,
        $"/suggestions/rejections/{pair.Pending.Id}/{pair.Posted.Id}/undo");
}
