using System.Text.Json.Nodes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Simulator.Bank;
using static Redbark.Sync.Simulator.OpenBanking.Revolut.RevolutFormat;

namespace Redbark.Sync.Simulator.OpenBanking.Revolut;

/// <summary>The balances of one account (spec 2.5).</summary>
internal static class RevolutBalances
{
    public static JsonObject Data(string accountId, BankBalance balance, RevolutFaults faults, DateTimeOffset now)
    {
        var currency = balance.Account.Currency;
        var (current, available) = (balance.Current, balance.Available);
        var shape = faults.Balances[accountId];
        return shape switch
        {
            RevolutBalanceShape.NoData => [],
            RevolutBalanceShape.NoBalance => new JsonObject { ["Balance"] = new JsonArray() },
            RevolutBalanceShape.UnknownType => Of(Item("PocketTotal", Indicator(available), Digits(available, currency))),
            RevolutBalanceShape.OnlyForward => Of(Item(Type("ForwardAvailable", "FWAV"), "Credit", "5.00")),
            RevolutBalanceShape.Debit => Of(Available("Debit", "12.30")),
            RevolutBalanceShape.ZeroCredit => Of(Available("Credit", "0.00")),
            RevolutBalanceShape.ZeroDebit => Of(Available("Debit", "0.00")),
            RevolutBalanceShape.FiveDecimals => Of(Available("Credit", "0.12345")),
            RevolutBalanceShape.WholeNumber => Of(Available("Credit", "970")),
            RevolutBalanceShape.ThirteenDigits => Of(Available("Credit", "9999999999999.99999")),
            RevolutBalanceShape.CreditIncluded => Of(Lines(True(available + FiveHundred(currency)), (false, "Available"), (true, "Temporary"))),
            RevolutBalanceShape.CreditNotIncluded => Of(Lines(True(available), (false, "Available"), (false, "Pre-Agreed"))),
            _ when faults.BookedBalances => Of(Item(Type("InterimBooked", "ITBD"), Indicator(current), Digits(current, currency)), True(available)),
            _ => Of(True(available)),
        };

        JsonObject True(long minorUnits) => Available(Indicator(minorUnits), Digits(minorUnits, currency));

        JsonObject Available(string indicator, string digits) => Item(Type("InterimAvailable", "ITAV"), indicator, digits);

        string Type(string name, string code) => faults.FourLetterTypes ? code : name;

        JsonObject Item(string type, string indicator, string digits) => Balance(accountId, type, indicator, Amount(digits, currency), faults, now);

        JsonObject Lines(JsonObject item, params (bool Included, string Type)[] lines)
        {
            item["CreditLine"] = new JsonArray([.. lines.Select(line => new JsonObject
            {
                ["Included"] = line.Included,
                ["Type"] = line.Type,
                ["Amount"] = Amount(FiveHundred(currency), currency),
            })]);
            return item;
        }
    }

    /// <summary>The pocket of <see cref="RevolutFaults.BitcoinPocket"/>.</summary>
    public static JsonObject Bitcoin(string accountId, RevolutFaults faults, DateTimeOffset now) =>
        Of(Balance(accountId, faults.FourLetterTypes ? "ITAV" : "InterimAvailable", "Credit", Amount("0.12345", "BTC"), faults, now));

    private static JsonObject Balance(string accountId, string type, string indicator, JsonObject amount, RevolutFaults faults, DateTimeOffset now) => new()
    {
        ["AccountId"] = accountId,
        ["Amount"] = amount,
        ["CreditDebitIndicator"] = indicator,
        ["Type"] = type,
        ["DateTime"] = faults.WholeSeconds ? Second(now) : Instant(now),
    };

    private static JsonObject Of(params JsonNode[] items) => new() { ["Balance"] = new JsonArray(items) };

    private static long FiveHundred(string currency) =>
        Currencies.TryGetExponent(currency, out var exponent) ? (long)(500 * Math.Pow(10, exponent)) : throw new ArgumentException(currency, nameof(currency));
}
