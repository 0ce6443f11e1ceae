using Redbark.Sync.Contracts;

namespace Redbark.Sync.Worker.Console.Quarantine;

/// <summary>Why a row could not be used, in words that need no manual.</summary>
internal static class RowWords
{
    /// <summary>Every reason that a filter offers, in the order of the reader.</summary>
    public static readonly IReadOnlyList<string> Reasons =
    [
        RowRejection.AmountInvalid, RowRejection.SignMismatch, RowRejection.CurrencyInvalid, RowRejection.CurrencyUnknown, RowRejection.StatusInvalid,
        RowRejection.DateMissing, RowRejection.IdMissing, RowRejection.AccountMissing, RowRejection.TypeMissing, RowRejection.FigureInvalid, RowRejection.NotAnObject,
    ];

    /// <summary>A few words for a list.</summary>
    public static string Short(string reason) => reason switch
    {
        RowRejection.AmountInvalid => "The amount is not a whole number of cents",
        RowRejection.SignMismatch => "Amount and direction contradict each other",
        RowRejection.CurrencyInvalid => "The currency is not known",
        RowRejection.CurrencyUnknown => "No currency, and the account's is not known yet",
        RowRejection.StatusInvalid => "Neither posted nor pending",
        RowRejection.DateMissing => "No usable date",
        RowRejection.IdMissing => "No id",
        RowRejection.AccountMissing => "No account",
        RowRejection.TypeMissing => "No type of trade",
        RowRejection.FigureInvalid => "A figure is not a number",
        RowRejection.NotAnObject => "Not a row at all",
        _ => reason,
    };

    /// <summary>What it means and what to do.</summary>
    public static string Long(string reason) => reason switch
    {
        RowRejection.AmountInvalid => "The amount must be a whole number of the currency's smallest unit: -4550 is −45.50. Look the payment up at the bank and write the amount in.",
        RowRejection.SignMismatch => "The row says money went one way and its amount has the sign of the other. The bank's own statement tells which is right: correct the amount's sign, or the direction.",
        RowRejection.CurrencyInvalid => "The currency must be a three-letter code such as AUD. Write the account's in.",
        RowRejection.CurrencyUnknown => "The row names no currency, and no other row of its account has named one. It enters by itself as soon as one does; or write the currency in.",
        RowRejection.StatusInvalid => "The status must be posted or pending. Posted is what is on the bank's statement.",
        RowRejection.DateMissing => "A row needs a day, such as 2026-10-31 in local_date for a payment, or trade_date for a trade.",
        RowRejection.IdMissing => "Without an id a row cannot be told from its repetitions. Write one in that no other row has, or drop the row and wait for it to be sent whole.",
        RowRejection.AccountMissing => "The row does not say which account it is of. Write the account's id in; it stands on the account's page.",
        RowRejection.TypeMissing => "A trade needs a type, such as buy or sell.",
        RowRejection.FigureInvalid => "A quantity, price, total or fee cannot be read as a decimal number. Look it up on the contract note.",
        RowRejection.NotAnObject => "What stands here is no row. There is nothing to correct but to write the whole row; usually it is dropped.",
        _ => "A newer version of this program may read it: retry.",
    };

    /// <summary>The fields that the reason is about, as they are named in a row.</summary>
    public static IReadOnlyList<string> Fields(string reason, string detail, string kind) => reason switch
    {
        RowRejection.AmountInvalid => ["amount"],
        RowRejection.SignMismatch => ["amount", "direction"],
        RowRejection.CurrencyInvalid or RowRejection.CurrencyUnknown => ["currency"],
        RowRejection.StatusInvalid => ["status"],
        RowRejection.DateMissing when kind == "trade" => ["trade_date", "settlement_date"],
        RowRejection.DateMissing => ["local_date", "transaction_date", "post_date"],
        RowRejection.IdMissing => ["id"],
        RowRejection.AccountMissing => ["account_id", "account_public_id"],
        RowRejection.TypeMissing => ["type"],
        // It begins with the field's name.
        RowRejection.FigureInvalid => [detail.Split(' ')[0]],
        _ => [],
    };
}
