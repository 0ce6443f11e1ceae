using System.Text.Json;
using Redbark.Sync.Wire;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances.Normalisation;

namespace Redbark.Sync.Worker.Balances.TokenIo;

/// <summary>
/// Reads Token.io's bodies (open-banking-balances 3.4 to 3.6). They follow proto3, which leaves out what has its default value: an empty
/// list is no member at all, and a status that is not there is INVALID_REQUEST.
/// </summary>
internal static class TokenIoReader
{
    private const int MostAccounts = 10_000;
    private const int MostFigures = 200;
    private const int MostCharacters = 128;

    /// <summary><c>GET /accounts</c>.</summary>
    /// <exception cref="ProviderException">It is no list of accounts.</exception>
    public static TokenIoAccounts Accounts(JsonElement root, string consent)
    {
        var list = Root(root).Get("accounts");
        List<ProviderAccount> accounts = [];
        HashSet<string> known = new(StringComparer.Ordinal);
        string? bank = null;
        var unnamed = 0;
        if (list.IsAbsent())
            return new TokenIoAccounts(accounts, bank, unnamed);
        foreach (var item in list.Items("accounts", MostAccounts))
        {
            bank ??= item.Get("bankId").Text();
            if (item.Get("id").Id() is not { } id)
                unnamed++;
            else if (known.Add(id))
                accounts.Add(new ProviderAccount(TokenIoBalanceProvider.ProviderName, consent, id, item.Get("name").Text(), TypeOf(item), CurrencyOf(item), Source: item.Get("bankId").Text()));
        }

        return new TokenIoAccounts(accounts, bank, unnamed);
    }

    /// <summary><c>GET /accounts/{id}/balance</c>.</summary>
    /// <exception cref="ProviderException">It is not an account's balance, or not this account's.</exception>
    public static IReadOnlyList<BalanceObservation> Single(JsonElement root, string account)
    {
        var element = Root(root);
        var owner = element.Get("balance").Get("accountId");
        return owner.IsAbsent() || owner.Id() == account ? Figures(element) : throw Unusable("the balance belongs to another account");
    }

    /// <summary>
    /// <c>GET /account-balance</c>: what came for each account, in whatever order. Failed elements may not say whose they are; they are
    /// only counted.
    /// </summary>
    /// <exception cref="ProviderException">It is no list of balances.</exception>
    public static (IReadOnlyDictionary<string, TokenIoElement> ByAccount, int Count) Bulk(JsonElement root)
    {
        var list = Root(root).Get("response");
        if (list.IsAbsent())
            return (new Dictionary<string, TokenIoElement>(), 0);
        var items = list.Items("response", MostAccounts).ToList();
        var byAccount = items
            .Select(item => (Account: item.Get("balance").Get("accountId").Id(), Item: item))
            .Where(named => named.Account is not null)
            .GroupBy(named => named.Account!, named => Element(named.Item), StringComparer.Ordinal)
            .ToDictionary(elements => elements.Key, elements => TokenIoElement.Of([.. elements]), StringComparer.Ordinal);
        return (byAccount, items.Count);
    }

    private static TokenIoElement Element(JsonElement item)
    {
        try
        {
            return new TokenIoElement(Figures(item), null);
        }
        catch (ProviderException error)
        {
            return new TokenIoElement(null, error);
        }
    }

    private static JsonElement Root(JsonElement root) =>
        root.ValueKind is not JsonValueKind.Object ? throw Unusable($"the answer is {JsonText.Describe(root)} where an object is expected")
        : root.Get("error").IsAbsent() ? root
        : throw Unusable("an error came with the status of a success");

    private static List<BalanceObservation> Figures(JsonElement element)
    {
        var status = element.Get("status");
        var word = status.IsAbsent() ? "INVALID_REQUEST" : status.Text();
        if (word is not "SUCCESSFUL_REQUEST")
            throw Refusal(word);

        var balance = element.Get("balance");
        var at = WireMoment.Read(balance.Get("updatedAtMs")).Instant;
        List<BalanceObservation> figures = [];
        Add(balance.Get("current"), "current", BalanceKind.Current, at);
        Add(balance.Get("available"), "available", BalanceKind.Available, at);
        var others = balance.Get("otherBalances");
        if (others.IsAbsent())
            return figures;
        foreach (var other in others.Items("otherBalances", MostFigures))
        {
            var type = other.Get("type").Text() ?? "";
            if (other.Get("amount").IsAbsent())
                throw Unusable("one of otherBalances has no amount");
            Add(other.Get("amount"), JsonText.Cut(BalanceSummary.OtherPrefix + type, MostCharacters), ObieTypes.KindOf(type), WireMoment.Read(other.Get("updatedAtMs")).Instant ?? at);
        }

        return figures;

        void Add(JsonElement money, string type, BalanceKind kind, DateTimeOffset? asOf)
        {
            if (money.IsAbsent())
                return;
            var (amount, text, currency) = ExactAmount.Read(money.Get("value"), money.Get("currency"), signed: true, $"'{type}'");
            figures.Add(new BalanceObservation(type, kind, amount, text, currency, asOf, []));
        }
    }

    private static ProviderException Refusal(string? status) => status switch
    {
        "INVALID_REQUEST" => new ProviderException(ProviderFault.BadRequest, "Token.io says INVALID_REQUEST of this account") { Code = status },
        "MORE_SIGNATURES_NEEDED" => new ProviderException(ProviderFault.PermissionMissing, "the bank wants the holder's explicit consent for this account (MORE_SIGNATURES_NEEDED)") { Code = status },
        _ => Unusable("the status of the account is none that Token.io documents"),
    };

    // An array in the reference, one word in the protocol's definition (3.4).
    private static string? TypeOf(JsonElement account)
    {
        var type = account.Get("accountDetails").Get("type");
        return type.ValueKind is JsonValueKind.Array ? type.EnumerateArray().FirstOrDefault().Text() : type.Text();
    }

    private static string? CurrencyOf(JsonElement account) => ExactAmount.ReadCurrency(account.Get("accountDetails").Get("currency"));

    private static ProviderException Unusable(string message) => new(ProviderFault.Protocol, message);
}

/// <summary>The accounts of a consent.</summary>
/// <param name="Accounts">Those that have an id.</param>
/// <param name="Bank">Token.io's id of the bank.</param>
/// <param name="Unnamed">How many have none, and cannot be asked for.</param>
internal sealed record TokenIoAccounts(IReadOnlyList<ProviderAccount> Accounts, string? Bank, int Unnamed);

/// <summary>What came for one account: figures, or why there are none.</summary>
internal sealed record TokenIoElement(IReadOnlyList<BalanceObservation>? Figures, ProviderException? Error)
{
    /// <summary>One of all elements of one account: a balance counts more than a failure, and balances must all say the same.</summary>
    public static TokenIoElement Of(IReadOnlyList<TokenIoElement> elements)
    {
        var balances = elements.Where(element => element.Figures is not null).ToList();
        return balances.Count == 0 ? elements[0]
            : balances.TrueForAll(other => Said(other.Figures!).SequenceEqual(Said(balances[0].Figures!))) ? balances[0]
            : new TokenIoElement(null, new ProviderException(ProviderFault.Protocol, "the account came more than once, with different balances"));
    }

    private static IEnumerable<(string, string, string)> Said(IReadOnlyList<BalanceObservation> figures) =>
        figures.Select(figure => (figure.ProviderType, figure.AmountText, figure.Currency));
}
