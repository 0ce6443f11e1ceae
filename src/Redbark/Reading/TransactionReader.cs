using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire;

/// <summary>Reads transactions (spec 2.2).</summary>
internal sealed partial class TransactionReader(TimeZoneInfo zone, UnknownFields unknown) : RowReader<TransactionRow, TransactionField>(unknown)
{
    private static readonly TimeZoneInfo Sydney = TimeZoneInfo.FindSystemTimeZoneById("Australia/Sydney");

    protected override string? ReadId(out string? problem)
    {
        var id = JsonText.ReadId(Fields[TransactionField.Id], RowLimits.LongestId, out problem);
        return id is not null && id.StartsWith("txn_", StringComparison.Ordinal) ? WithoutPrefix(id) : id;
    }

    protected override AccountReference? ReadAccount(out string? problem) => AccountReader.Read(
        Fields[TransactionField.AccountId], Fields[TransactionField.AccountPublicId], Fields[TransactionField.AccountName],
        Fields[TransactionField.Account], out problem);

    protected override TransactionRow? ReadRow(string id, AccountReference account, int index, RowOrigin origin, out RowProblem? problem)
    {
        if (!TryReadAmount(out var minorUnits, out problem)
            || !TryReadCurrency(Fields[TransactionField.Currency], out var currency, out problem)
            || !TryReadStatus(out var status, out problem))
            return null;

        var transactionDate = WireMoment.Read(Fields[TransactionField.TransactionDate]);
        var postedOn = WireMoment.Read(Fields[TransactionField.PostDate]).In(zone);
        if (BookingDate(status, transactionDate, postedOn) is not { } bookedOn)
        {
            problem = new RowProblem(RowRejection.DateMissing, "none of local_date, transaction_date and post_date is a date or an instant");
            return null;
        }

        return new TransactionRow
        {
            Index = index,
            Origin = origin,
            ExternalId = id,
            Account = account,
            Status = status,
            MinorUnits = minorUnits,
            Currency = currency,
            BookedOn = bookedOn,
            OccurredAt = transactionDate.Instant,
            PostedOn = postedOn,
            Description = JsonText.Read(Fields[TransactionField.Description]),
            ExtendedDescription = JsonText.Read(Fields[TransactionField.ExtendedDescription]),
            MerchantName = JsonText.ReadTrimmed(Fields[TransactionField.MerchantName]),
            Category = JsonText.Read(Fields[TransactionField.Category]),
            CustomCategory = JsonText.Read(Fields[TransactionField.CustomCategory]),
            MerchantCategoryCode = ReadMerchantCategoryCode(),
            Reference = JsonText.Read(Fields[TransactionField.Reference]),
            Class = JsonText.Read(Fields[TransactionField.Class]),
        };
    }

    /// <summary>The raw id of a v2 id: <c>txn_fk_bank_tx_…</c> is <c>bank_tx_…</c> (spec 7.1).</summary>
    private static string WithoutPrefix(string id) => V2Prefix().Match(id) is { Success: true, Length: var length } && length < id.Length ? id[length..] : id;

    [GeneratedRegex("^txn_[a-z]{2,}_", RegexOptions.CultureInvariant)]
    private static partial Regex V2Prefix();

    private bool TryReadAmount(out long minorUnits, out RowProblem? problem)
    {
        problem = null;
        var amount = Fields[TransactionField.Amount];
        if (!ExactDecimal.TryReadInt64(amount, out minorUnits))
        {
            var found = amount.ValueKind is JsonValueKind.Number or JsonValueKind.String
                ? $"{JsonText.Describe(amount)} that is not an integer within 64 bits"
                : JsonText.Describe(amount);
            problem = new RowProblem(RowRejection.AmountInvalid, $"amount is {found}; an integer of minor units is expected");
            return false;
        }

        var direction = JsonText.Utf8(Fields[TransactionField.Direction]);
        if ((minorUnits > 0 && Is(direction, "debit")) || (minorUnits < 0 && Is(direction, "credit")))
        {
            var (said, sign) = minorUnits > 0 ? ("debit", "positive") : ("credit", "negative");
            problem = new RowProblem(RowRejection.SignMismatch, $"direction is {said} but amount is {sign}; neither can be trusted");
            return false;
        }

        return true;
    }

    // The documentation has no transaction without a status (spec 2.2), so there is no telling what such a row would be.
    private bool TryReadStatus(out TransactionStatus status, out RowProblem? problem)
    {
        var element = Fields[TransactionField.Status];
        var text = JsonText.Utf8(element);
        problem = null;
        status = Is(text, "posted") ? TransactionStatus.Posted : TransactionStatus.Pending;
        if (status is TransactionStatus.Posted || Is(text, "pending"))
            return true;
        var found = element.ValueKind is JsonValueKind.String ? "another word" : JsonText.Describe(element);
        problem = new RowProblem(RowRejection.StatusInvalid, $"status is {found}; posted or pending is expected");
        return false;
    }

    private DateOnly? BookingDate(TransactionStatus status, WireMoment transactionDate, DateOnly? postedOn)
    {
        var bookedOn = WireMoment.Read(Fields[TransactionField.LocalDate]).Date ?? transactionDate.In(zone) ?? postedOn;

        // Spec 7.4: a bank that knows only a date sends its midnight in Sydney, which in a zone further west is still the day before. The
        // post date, from a real time of day, has the bank's date.
        if (status is TransactionStatus.Posted && transactionDate.Instant is { } at && bookedOn?.AddDays(1) == postedOn)
        {
            var inSydney = TimeZoneInfo.ConvertTime(at, Sydney);
            if (inSydney.TimeOfDay == TimeSpan.Zero && DateOnly.FromDateTime(inSydney.DateTime) == postedOn)
                return postedOn;
        }

        return bookedOn;
    }

    // A number has lost its leading zeros.
    private string? ReadMerchantCategoryCode()
    {
        var element = Fields[TransactionField.MerchantCategoryCode];
        var code = JsonText.Read(element);
        return element.ValueKind is JsonValueKind.Number ? code?.PadLeft(4, '0') : code;
    }

    private static bool Is(ReadOnlySpan<byte> text, string word) => Ascii.EqualsIgnoreCase(text, word);
}
