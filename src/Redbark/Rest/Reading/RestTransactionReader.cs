using System.Text;
using System.Text.Json;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire.Rest;

internal enum RestTransactionField
{
    Id,
    AccountId,
    AccountName,
    Status,
    Amount,
    Currency,
    Date,
    Datetime,
    PostDate,
    PostDatetime,
    Description,
    Direction,
    Category,
    CustomCategory,
    MerchantName,
    MerchantCategoryCode,
}

internal sealed class RestTransactionReader : RestReader<RestTransaction, RestTransactionField>
{
    protected override RestTransactionField IdField => RestTransactionField.Id;

    protected override RestTransaction ReadRow(string id)
    {
        var row = new RestTransaction
        {
            Id = id,
            AccountId = ReadId(RestTransactionField.AccountId, RowRejection.AccountMissing) ?? "",
            AccountName = Text(RestTransactionField.AccountName),
            Status = Status(),
            Amount = Needed(RestTransactionField.Amount, RowRejection.AmountInvalid),
            Currency = Currency(RestTransactionField.Currency),
            Date = Day(RestTransactionField.Date),
            Datetime = Instant(RestTransactionField.Datetime),
            PostDate = Day(RestTransactionField.PostDate),
            PostDatetime = Instant(RestTransactionField.PostDatetime),
            Description = Text(RestTransactionField.Description),
            Direction = Text(RestTransactionField.Direction),
            Category = Text(RestTransactionField.Category),
            CustomCategory = Text(RestTransactionField.CustomCategory),
            MerchantName = Text(RestTransactionField.MerchantName),
            MerchantCategoryCode = MerchantCategoryCode(),
        };
        if ((row.Amount > 0 && Is(RestTransactionField.Direction, "debit")) || (row.Amount < 0 && Is(RestTransactionField.Direction, "credit")))
            Fail(RowRejection.SignMismatch, "direction contradicts the sign of amount; neither can be trusted");
        if ((row.Date, row.Datetime, row.PostDate, row.PostDatetime) is (null, null, null, null))
            Fail(RowRejection.DateMissing, "none of date, datetime, postDate and postDatetime is a date or an instant");
        return row;
    }

    private TransactionStatus Status()
    {
        if (Is(RestTransactionField.Status, "posted"))
            return TransactionStatus.Posted;
        if (!Is(RestTransactionField.Status, "pending"))
            Fail(RowRejection.StatusInvalid, $"status is {JsonText.Describe(Field(RestTransactionField.Status))} that is neither posted nor pending");
        return TransactionStatus.Pending;
    }

    // A number has lost its leading zeros.
    private string? MerchantCategoryCode() =>
        Field(RestTransactionField.MerchantCategoryCode).ValueKind is JsonValueKind.Number
            ? Text(RestTransactionField.MerchantCategoryCode)?.PadLeft(4, '0')
            : Text(RestTransactionField.MerchantCategoryCode);

    private bool Is(RestTransactionField field, string word) => Ascii.EqualsIgnoreCase(JsonText.Utf8(Field(field)), word);
}
