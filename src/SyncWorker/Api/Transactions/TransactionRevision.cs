using System.ComponentModel;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Api.Transactions;

/// <summary>A version of a transaction.</summary>
internal sealed record TransactionRevision(
    [property: Description("1 for the first applied observation, one more with each applied change.")] int Revision,
    [property: Description("The ledger's id of the account.")] long AccountId,
    [property: Description("The provider's raw transaction id.")] string ExternalId,
    [property: Description("pending or posted.")] string Status,
    [property: Description("Decimal string in major units; negative is money out.")] string Amount,
    [property: Description("ISO 4217.")] string Currency,
    [property: Description("True when the row named no currency and took its account's.")] bool CurrencyAssumed,
    [property: Description("Booking date, in the feed's time zone.")] DateOnly BookedOn,
    DateOnly? PostedOn,
    [property: Description("The instant of the transaction, where the provider gave one.")] DateTime? OccurredAt,
    [property: Description("Bank narration, verbatim.")] string? Description,
    string? ExtendedDescription,
    string? MerchantName,
    [property: Description("The provider's category.")] string? Category,
    [property: Description("The user's own category at the provider.")] string? CustomCategory,
    string? MerchantCategoryCode,
    string? Reference,
    string? Class,
    [property: Description("When the provider said so.")] DateTime ObservedAt,
    [property: Description("The delivery that this version came from.")] Guid DeliveryId,
    [property: Description("When the ledger applied it.")] DateTime RecordedAt,
    [property: Description("When another version took its place; null for the current one.")] DateTime? SupersededAt,
    [property: Description("True for the last version of a transaction that is no longer in the ledger.")] bool Removed)
{
    public static TransactionRevision Of(TransactionVersion version) => new(
        version.Revision,
        version.AccountId,
        version.ExternalId,
        version.Status,
        DecimalText.OfMoney(version.Amount, version.Currency),
        version.Currency,
        version.CurrencyAssumed,
        version.BookedOn,
        version.PostedOn,
        version.OccurredAt?.UtcDateTime,
        version.Description,
        version.ExtendedDescription,
        version.MerchantName,
        version.Category,
        version.CustomCategory,
        version.MerchantCategoryCode,
        version.Reference,
        version.Class,
        version.ObservedAt.UtcDateTime,
        version.DeliveryId,
        version.RecordedAt.UtcDateTime,
        version.SupersededAt?.UtcDateTime,
        version.Removed);
}
