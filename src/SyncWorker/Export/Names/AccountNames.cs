namespace Redbark.Sync.Worker.Export.Names;

/// <summary>The names of accounts and categories in one format.</summary>
internal sealed class AccountNames
{
    public const string Openings = "Equity:Opening-Balances";
    public const string Trades = "Equity:Trades";
    public const string Fees = "Expenses:Trading-Fees";
    public const string Gains = "Income:Trading-Gains";
    private const string Uncategorised = "Uncategorised";

    private static readonly string[] ReservedParts = ["Pending", Uncategorised, "Trading-Fees", "Trading-Gains"];

    private readonly Dictionary<string, string> _accounts;
    private readonly Dictionary<string, string> _categories;

    /// <param name="accounts">All own accounts.</param>
    /// <param name="categories">All categories.</param>
    /// <param name="options">The names that somebody chose.</param>
    /// <param name="part">Makes a part of a name.</param>
    public AccountNames(IReadOnlyCollection<ExportedAccount> accounts, IEnumerable<string> categories, ExportOptions options, Func<string?, string> part)
    {
        var chosen = accounts
            .Select(account => (account.Key, Name: options.NameOf(account.ExternalId, account.PublicId)))
            .Where(account => account.Name is not null).ToDictionary(account => account.Key, account => account.Name!);
        _accounts = NameBook.Assign(
            accounts.Where(account => !chosen.ContainsKey(account.Key)).Select(account => KeyValuePair.Create(account.Key, $"{Root(account)}:{part(account.Name)}")),
            [.. chosen.Values, .. ReservedParts.SelectMany(reserved => (string[])[$"Assets:{reserved}", $"Liabilities:{reserved}"])]);
        foreach (var (key, name) in chosen)
            _accounts.Add(key, name);
        _categories = NameBook.Assign(categories.Select(Words).Distinct(StringComparer.Ordinal).Select(category => KeyValuePair.Create(category, part(category))), ReservedParts);
    }

    public string Of(ExportedAccount account) => _accounts[account.Key];

    /// <summary>Where what is pending goes, so that the account itself holds what the bank has booked.</summary>
    public string PendingOf(ExportedAccount account)
    {
        var name = Of(account);
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        return $"{name[..colon]}:Pending{name[colon..]}";
    }

    /// <summary>The other side of a row: money out is an expense, money in an income.</summary>
    public string Of(string? category, bool isOut) => $"{(isOut ? "Expenses" : "Income")}:{(category is null ? Uncategorised : _categories[Words(category)])}";

    /// <summary>Whether another account lies below: Beancount would count it in.</summary>
    public bool IsParent(ExportedAccount account)
    {
        var prefix = $"{Of(account)}:";
        return _accounts.Values.Any(name => name.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>A category is sent as its code or as its label, FOOD_AND_DRINK or Food &amp; Drink (spec 5.3): these are one.</summary>
    private static string Words(string category)
    {
        if (!category.All(letter => char.IsAsciiLetter(letter) || letter is '_' or '&' or ' '))
            return category;
        var words = category.Split(['_', ' '], StringSplitOptions.RemoveEmptyEntries).Select(word => word == "&" ? "And" : char.ToUpperInvariant(word[0]) + word[1..].ToLowerInvariant());
        return string.Join(' ', words) is { Length: > 0 } readable ? readable : category;
    }

    private static string Root(ExportedAccount account) =>
        account.Type?.ToLowerInvariant() is "credit-card" or "credit_card" or "credit" or "loan" or "mortgage" or "line-of-credit" or "line_of_credit" ? "Liabilities" : "Assets";
}
