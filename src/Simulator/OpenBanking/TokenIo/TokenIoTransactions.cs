using System.Globalization;
using System.Text.Json.Nodes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Simulator.Bank;

namespace Redbark.Sync.Simulator.OpenBanking.TokenIo;

/// <summary>The transactions of one account, newest first (spec 3.8).</summary>
internal static class TokenIoTransactions
{
    public static JsonObject Page(SimulatedBank bank, BankAccount account, IQueryCollection query, TokenIoFaults faults)
    {
        if (!int.TryParse(query["page.limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) || limit is < 1 or >= 200)
            throw new TokenIoRefusal(400, "page.limit must be between 1 and 199");
        var offset = query["page.offset"].ToString();
        var start = 0;
        if (offset.Length > 0 && (!offset.StartsWith("at-", StringComparison.Ordinal) || !int.TryParse(offset[3..], NumberStyles.None, CultureInfo.InvariantCulture, out start)))
            throw new TokenIoRefusal(400, "page.offset is not one that was given out");

        var since = Day(query, "startDate") ?? DateOnly.MinValue;
        var until = Day(query, "endDate") ?? DateOnly.MaxValue;
        var rows = bank.Transactions.Where(row => row.AccountId == account.Id && bank.DateOf(row.OccurredAt) is var day && day >= since && day <= until)
            .OrderByDescending(row => row.OccurredAt).ThenByDescending(row => row.Id, StringComparer.Ordinal).Skip(start).Take(limit)
            .Select(row => Item(row, account, faults)).ToArray();
        var page = new JsonObject();
        if (rows.Length > 0 || faults.WritesDefaults)
            page["transactions"] = new JsonArray(rows);
        // At the end the offset stays where it is.
        if (start + rows.Length > 0)
            page["offset"] = $"at-{start + rows.Length}";
        page["status"] = "SUCCESSFUL_REQUEST";
        return page;
    }

    public static JsonObject One(SimulatedBank bank, BankAccount account, string id, TokenIoFaults faults) =>
        bank.Transactions.FirstOrDefault(row => row.AccountId == account.Id && IdOf(row) == id) is { } row
            ? new JsonObject { ["transaction"] = Item(row, account, faults), ["status"] = "SUCCESSFUL_REQUEST" }
            : throw new TokenIoRefusal(404, "There is no such transaction");

    private static JsonObject Item(BankTransaction row, BankAccount account, TokenIoFaults faults) => new()
    {
        ["id"] = IdOf(row),
        ["type"] = row.MinorUnits > 0 ? "CREDIT" : "DEBIT",
        ["status"] = row is { Status: TransactionStatus.Posted, IsHold: false } ? "SUCCESS" : "PENDING",
        ["amount"] = TokenIoBalances.Text(
            TokenIoBalances.Digits(decimal.Abs(Money.FromMinorUnits(row.MinorUnits, account.Currency).Amount), faults.Decimals), account.Currency),
        ["description"] = row.Description,
        ["createdAtMs"] = row.OccurredAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        ["bankTransactionId"] = Derived.Letters("bank transaction", row.Id, 16),
    };

    private static string IdOf(BankTransaction row) => $"t:{Derived.Letters("token.io transaction", row.Id, 43)}:5zKcENpV";

    private static DateOnly? Day(IQueryCollection query, string name)
    {
        var value = query[name].ToString();
        return value.Length == 0 ? null
            : DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
            : throw new TokenIoRefusal(400, $"{name} must be YYYY-MM-DD");
    }
}
