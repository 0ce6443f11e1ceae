using System.Text.Json;
using Redbark.Sync.Wire;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances.Normalisation;

namespace Redbark.Sync.Worker.Balances.Revolut;

/// <summary>Reads Revolut's bodies (open-banking-balances 2.4, 2.5): tolerant of what is more or less than documented, strict with every number.</summary>
internal static class RevolutReader
{
    private const int MostAccounts = 10_000;
    private const int MostFigures = 200;
    private const int MostCreditLines = 50;

    /// <summary>One page of <c>GET /accounts</c>. <c>"Data": {}</c> is how Revolut says that there are none.</summary>
    /// <exception cref="ProviderException">It is no list of accounts.</exception>
    public static RevolutAccounts Accounts(JsonElement root, string consent)
    {
        var list = Data(root).Get("Account");
        List<ProviderAccount> accounts = [];
        var unnamed = 0;
        if (!list.IsAbsent())
        {
            foreach (var item in list.Items("Data.Account", MostAccounts))
            {
                if (item.Get("AccountId").Id() is { } id)
                {
                    accounts.Add(new ProviderAccount(RevolutBalanceProvider.ProviderName, consent, id,
                        item.Get("Nickname").Text(), item.Get("AccountSubType").Text(), ExactAmount.ReadCurrency(item.Get("Currency"))));
                }
                else
                {
                    unnamed++;
                }
            }
        }

        return new RevolutAccounts(accounts, unnamed, JsonText.Read(root.Get("Links").Get("Next")));
    }

    /// <summary>The figures of <c>GET /accounts/{AccountId}/balances</c>.</summary>
    /// <exception cref="ProviderException">There are none, or one of them cannot be relied on.</exception>
    public static IReadOnlyList<BalanceObservation> Balances(JsonElement root, string account)
    {
        var list = Data(root).Get("Balance");
        var figures = list.IsAbsent() ? [] : list.Items("Data.Balance", MostFigures).Select((item, index) => Figure(item, account, $"balance {index + 1}")).ToList();
        return figures.Count > 0 ? figures : throw Unusable("the answer holds no balance");
    }

    private static JsonElement Data(JsonElement root)
    {
        var data = root.Get("Data");
        return data.ValueKind is JsonValueKind.Object ? data
            : root.Get("Errors").IsAbsent() && root.Get("Code").IsAbsent() && root.Get("code").IsAbsent() ? throw Unusable($"Data is {JsonText.Describe(data)} where an object is expected")
            : throw Unusable("an error came with the status of a success");
    }

    private static BalanceObservation Figure(JsonElement item, string account, string what)
    {
        var owner = item.Get("AccountId");
        if (!owner.IsAbsent() && owner.Id() != account)
            throw Unusable($"{what} belongs to another account");
        var type = item.Get("Type").Text() ?? throw Unusable($"the type of {what} is {JsonText.Describe(item.Get("Type"))}");
        var (amount, text, currency) = ExactAmount.Read(item.Get("Amount").Get("Amount"), item.Get("Amount").Get("Currency"), signed: false, what);
        // Amounts carry no sign: without the indicator nobody knows whether the money is owed.
        var sign = item.Get("CreditDebitIndicator").Text()?.ToUpperInvariant() switch
        {
            "CREDIT" => 1,
            "DEBIT" => amount == 0 ? 1 : -1,
            _ => throw Unusable($"the CreditDebitIndicator of {what} is neither Credit nor Debit"),
        };
        var lines = item.Get("CreditLine");
        return new BalanceObservation(type, ObieTypes.KindOf(type), sign * amount, text, currency, WireMoment.Read(item.Get("DateTime")).Instant,
            lines.IsAbsent() ? [] : lines.Items($"CreditLine of {what}", MostCreditLines).Select(line => Line(line, $"a credit line of {what}")).ToList());
    }

    private static CreditLine Line(JsonElement line, string what)
    {
        var included = line.Get("Included").ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Unusable($"{what} does not say whether it is included"),
        };
        if (line.Get("Amount").IsAbsent())
            return new CreditLine(included, line.Get("Type").Text(), null, null);
        var (amount, _, currency) = ExactAmount.Read(line.Get("Amount").Get("Amount"), line.Get("Amount").Get("Currency"), signed: false, what);
        return new CreditLine(included, line.Get("Type").Text(), amount, currency);
    }

    private static ProviderException Unusable(string message) => new(ProviderFault.Protocol, message);
}

/// <summary>A page of accounts.</summary>
/// <param name="Accounts">Those that have an id.</param>
/// <param name="Unnamed">How many have none, and cannot be asked for.</param>
/// <param name="Next">Address of the next page.</param>
internal sealed record RevolutAccounts(IReadOnlyList<ProviderAccount> Accounts, int Unnamed, string? Next)
{
    /// <summary>When Revolut will want the user's consent again; null when it does not say.</summary>
    public DateTimeOffset? ConsentEndsAt { get; init; }
}
