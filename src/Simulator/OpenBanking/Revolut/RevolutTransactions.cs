using System.Globalization;
using System.Text.Json.Nodes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Simulator.Bank;
using static Redbark.Sync.Simulator.OpenBanking.Revolut.RevolutFormat;

namespace Redbark.Sync.Simulator.OpenBanking.Revolut;

/// <summary>One row as Revolut shows it.</summary>
/// <param name="Row">The bank's row.</param>
/// <param name="At"><c>BookingDateTime</c>.</param>
/// <param name="Balance">The booked balance after it, in minor units; null while it is pending.</param>
internal sealed record RevolutRow(BankTransaction Row, DateTimeOffset At, long? Balance);

/// <summary>The transactions of one account, newest first (spec 2.6).</summary>
internal static class RevolutTransactions
{
    /// <summary>The rows of an account with their running balance.</summary>
    public static IReadOnlyList<RevolutRow> Rows(SimulatedBank bank, BankAccount account)
    {
        var balance = account.OpeningMinorUnits;
        var rows = bank.Transactions.Where(row => row.AccountId == account.Id).Select(row => new RevolutRow(row, Microseconds(row.PostedAt ?? row.OccurredAt), null))
            .OrderBy(row => row.At).ThenBy(row => row.Row.Id, StringComparer.Ordinal).ToArray();
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i].Row is { Status: TransactionStatus.Posted, IsHold: false, MinorUnits: var minorUnits })
                rows[i] = rows[i] with { Balance = balance += minorUnits };
        }

        return [.. rows.Reverse()];
    }

    /// <summary>The newest rows that fit a page. Rows of one instant stay together: the next page begins before it.</summary>
    public static IReadOnlyList<RevolutRow> Page(IReadOnlyList<RevolutRow> rows, int most)
    {
        var count = Math.Min(most, rows.Count);
        while (count > 0 && count < rows.Count && rows[count].At == rows[count - 1].At)
            count++;
        return [.. rows.Take(count)];
    }

    public static JsonObject Item(string accountId, BankAccount account, RevolutRow row, bool detail)
    {
        var minorUnits = row.Row.MinorUnits;
        var item = new JsonObject
        {
            ["AccountId"] = accountId,
            ["TransactionId"] = Derived.Uuid("revolut transaction", row.Row.Id),
            ["Amount"] = Amount(minorUnits, account.Currency),
            ["BookingDateTime"] = Instant(row.At),
            ["CreditDebitIndicator"] = Indicator(minorUnits),
            ["Status"] = row.Balance is null ? "Pending" : "Booked",
            ["ProprietaryBankTransactionCode"] = new JsonObject { ["Code"] = row.Row.Class == "transfer" ? "TRANSFER" : "CARD_PAYMENT", ["Issuer"] = "Revolut" },
        };
        if (row.Balance is { } balance)
        {
            item["ValueDateTime"] = Instant(row.At);
            item["Balance"] = new JsonObject
            {
                ["Amount"] = Amount(balance, account.Currency),
                ["CreditDebitIndicator"] = Indicator(balance),
                ["Type"] = "InterimBooked",
            };
        }

        if (detail)
            item["TransactionInformation"] = row.Row.Description;
        if (detail && row.Row.MerchantName is { } merchant)
            item["MerchantDetails"] = new JsonObject { ["MerchantName"] = merchant.Trim() };
        return item;
    }

    /// <summary>Reads <c>fromBookingDateTime</c> or <c>toBookingDateTime</c>; one without a zone is UTC.</summary>
    /// <exception cref="RevolutRefusal">It is not a date and time.</exception>
    public static DateTimeOffset? Bound(IQueryCollection query, string name)
    {
        var value = query[name].ToString();
        if (value.Length == 0)
            return null;
        return value.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
                ? at
                : throw RevolutRefusal.Invalid(name, "an ISO 8601 date and time");
    }

    private static DateTimeOffset Microseconds(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
