using System.ComponentModel;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Api.Transactions;

/// <summary>A transaction as the ledger holds it.</summary>
internal sealed record TransactionResponse(
    [property: Description("The ledger's id.")] long Id,
    [property: Description("The ledger's id of the account.")] long AccountId,
    [property: Description("The provider's raw transaction id.")] string ExternalId,
    [property: Description("pending or posted, as the bank sent it.")] string Status,
    [property: Description("What it counts as: posted, pending, hold (sent as posted), settled (another took its place) or expired (nothing settled it in time).")]
    string EffectiveStatus,
    [property: Description("The posted transaction that took its place.")] long? SettledBy,
    [property: Description("The pending transaction or hold whose place it took.")] long? Settles,
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
    [property: Description("1 for the first applied observation, one more with each applied change.")] int Revision,
    [property: Description("When the provider said so.")] DateTime ObservedAt,
    [property: Description("The delivery that this version came from.")] Guid DeliveryId,
    [property: Description("When the ledger applied it.")] DateTime RecordedAt)
{
    public static TransactionResponse Of(Entry transaction) => new(
        transaction.Id,
        transaction.AccountId,
        transaction.ExternalId,
        transaction.Status,
        transaction.EffectiveStatus,
        transaction.SettledBy,
        transaction.Settles,
        DecimalText.OfMoney(transaction.Amount, transaction.Currency),
        transaction.Currency,
        transaction.CurrencyAssumed,
        transaction.BookedOn,
        transaction.PostedOn,
        transaction.OccurredAt?.UtcDateTime,
        transaction.Description,
        transaction.ExtendedDescription,
        transaction.MerchantName,
        transaction.Category,
        transaction.CustomCategory,
        transaction.MerchantCategoryCode,
        transaction.Reference,
        transaction.Class,
        transaction.Revision,
        transaction.ObservedAt.UtcDateTime,
        transaction.DeliveryId,
        transaction.RecordedAt.UtcDateTime);
}
