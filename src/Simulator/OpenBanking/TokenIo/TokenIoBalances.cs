using System.Globalization;
using System.Text.Json.Nodes;
using Redbark.Sync.Simulator.Bank;

namespace Redbark.Sync.Simulator.OpenBanking.TokenIo;

/// <summary>The balance of one account and its status (spec 3.5).</summary>
internal static class TokenIoBalances
{
    private const string Successful = "SUCCESSFUL_REQUEST";

    /// <summary>One element; null when the shape leaves it out.</summary>
    public static JsonObject? Element(string accountId, BankBalance truth, TokenIoFaults faults, DateTimeOffset now)
    {
        var currency = truth.Account.Currency;
        var current = Money(truth.CurrentMoney.Amount, currency);
        var available = Money(truth.AvailableMoney.Amount, currency);
        return faults.Balances[accountId] switch
        {
            TokenIoBalanceShape.Missing => null,
            TokenIoBalanceShape.MoreSignaturesNeeded => new JsonObject { ["balance"] = new JsonObject { ["accountId"] = accountId }, ["status"] = "MORE_SIGNATURES_NEEDED" },
            TokenIoBalanceShape.InvalidRequest => faults.WritesDefaults ? new JsonObject { ["status"] = "INVALID_REQUEST" } : [],
            TokenIoBalanceShape.OnlyCurrent => Good(current, null, faults.OtherBalances),
            TokenIoBalanceShape.OnlyAvailable => Good(null, available, faults.OtherBalances),
            TokenIoBalanceShape.OnlyOther => Good(null, null, others: true),
            TokenIoBalanceShape.TwoCurrencies => Good(Money(truth.CurrentMoney.Amount, currency == "EUR" ? "USD" : "EUR"), available, faults.OtherBalances),
            TokenIoBalanceShape.Negative => Good(Money(-20.5m, currency), Money(-20.5m, currency), faults.OtherBalances),
            TokenIoBalanceShape.Grouped => Good(Text("1,234.56", currency), Text("1,234.56", currency), faults.OtherBalances),
            _ => Good(current, available, faults.OtherBalances),
        };

        JsonObject Good(JsonObject? shownCurrent, JsonObject? shownAvailable, bool others)
        {
            var balance = new JsonObject { ["accountId"] = accountId };
            if (shownCurrent is not null)
                balance["current"] = shownCurrent;
            if (shownAvailable is not null)
                balance["available"] = shownAvailable;
            if (others)
                balance["otherBalances"] = new JsonArray(Dated(new JsonObject { ["type"] = "Expected", ["amount"] = Money(truth.AvailableMoney.Amount, currency) }));
            else if (faults.WritesDefaults)
                balance["otherBalances"] = new JsonArray();
            return new JsonObject { ["balance"] = Dated(balance), ["status"] = Successful };
        }

        JsonObject Dated(JsonObject part)
        {
            var ms = now.ToUnixTimeMilliseconds();
            if (faults.UpdatedAt != TokenIoUpdatedAt.Absent)
                part["updatedAtMs"] = faults.UpdatedAt == TokenIoUpdatedAt.Number ? ms : ms.ToString(CultureInfo.InvariantCulture);
            return part;
        }

        JsonObject Money(decimal amount, string of) => Text(Digits(amount, faults.Decimals), of);
    }

    public static JsonObject Text(string digits, string currency) => new() { ["currency"] = currency, ["value"] = digits };

    public static string Digits(decimal amount, int? decimals) => decimals is { } places
        ? decimal.Round(amount, Math.Min(places, 28), MidpointRounding.ToEven).ToString("F" + places, CultureInfo.InvariantCulture)
        : amount.ToString(CultureInfo.InvariantCulture);
}
