using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Archive;
using Redbark.Sync.Worker.Ledger;

namespace Redbark.Sync.Worker.Tests.Support;

/// <summary>
/// What a set of deliveries must leave in the ledger, in memory and without an order: accounts are what their names join, each row is its
/// greatest observation. Written as lines, so that a difference can be read.
/// </summary>
internal static class LedgerModel
{
    public static List<string> Of(IReadOnlyCollection<IDelivered> deliveries)
    {
        var hash = new ContentHash();
        var accounts = new Dictionary<string, string>();
        foreach (var account in deliveries.SelectMany(Accounts))
            Join(accounts, Names(account));

        var first = deliveries.GroupBy(message => (DeliveryArchive.EventIdOf(message.Delivery), message.Delivery.Body.Sha256)).Select(same => same.First()).ToList();
        var transactions = first.OfType<TransactionsDelivered>()
            .SelectMany(message => message.Rows.Select(row => TransactionTable.Instance.Observe(row, ObservedAt(message), message.Delivery.Id, hash))).ToList();
        var trades = first.OfType<TradesDelivered>()
            .SelectMany(message => message.Rows.Select(row => TradeTable.Instance.Observe(row, ObservedAt(message), message.Delivery.Id, hash))).ToList();

        var currencies = transactions.Where(row => row.OwnCurrency is not null).GroupBy(row => Of(accounts, row.Account))
            .ToDictionary(rows => rows.Key, rows => rows.Max(row => (row.Precedence.ObservedAt, row.OwnCurrency)).OwnCurrency);
        var lines = new List<string>();
        foreach (var account in accounts.Keys.GroupBy(name => Find(accounts, name)))
            lines.Add(Account(account, deliveries, transactions.Concat<Observation>(trades), accounts, currencies.GetValueOrDefault(account.Key)));

        Resolve(transactions);
        Resolve(trades);
        lines.AddRange(Winners(transactions).Select(row => FormattableString.Invariant(
            $"transaction {Title(row)} {row.Row.Status} {Money.FromMinorUnits(row.Row.MinorUnits, row.Currency!)} {row.Row.BookedOn:yyyy-MM-dd} {row.Row.Description} {row.Precedence.ObservedAt:u}")));
        lines.AddRange(Winners(trades).Select(row => FormattableString.Invariant(
            $"trade {Title(row)} {row.Row.Type} {row.Row.Quantity} {row.Currency} {row.Row.TradedOn:yyyy-MM-dd} {row.Row.Description} {row.Precedence.ObservedAt:u}")));

        lines.AddRange(transactions.Concat<Observation>(trades).Where(row => row.Currency is null)
            .DistinctBy(row => (row is Observation<TradeRow>, row.Account.ExternalId, row.Account.PublicId, row.Precedence))
            .Select(row => FormattableString.Invariant($"open {(row is Observation<TradeRow> ? "trade" : "transaction")} {RowRejection.CurrencyUnknown} {row.ExternalId} {row.Precedence.ObservedAt:u}")));
        lines.AddRange(first.SelectMany(Rejected).DistinctBy(bad => (bad.Kind, bad.Row.RawJson)).Select(bad => $"open {bad.Kind} {bad.Row.Reason} {bad.Row.ExternalId} "));
        lines.Sort(StringComparer.Ordinal);
        return lines;

        void Resolve(IEnumerable<Observation> rows)
        {
            foreach (var row in rows)
                row.Currency = row.OwnCurrency ?? currencies.GetValueOrDefault(Of(accounts, row.Account));
        }

        IEnumerable<Observation<T>> Winners<T>(IEnumerable<Observation<T>> rows) =>
            rows.Where(row => row.Currency is not null).GroupBy(row => (Of(accounts, row.Account), row.ExternalId)).Select(same => same.MaxBy(row => row.Precedence)!);

        string Title(Observation row) => $"{Label(accounts.Keys.Where(name => Find(accounts, name) == Of(accounts, row.Account)))} {row.ExternalId}";
    }

    private static string Account(
        IGrouping<string, string> names, IReadOnlyCollection<IDelivered> deliveries, IEnumerable<Observation> rows, Dictionary<string, string> accounts, string? currency)
    {
        var received = deliveries.Where(message => Accounts(message).Any(account => Of(accounts, account) == names.Key)).Select(message => message.Delivery.ReceivedAt).ToList();
        var name = rows.Where(row => row.Account.Name is not null && Of(accounts, row.Account) == names.Key)
            .OrderBy(row => row.Precedence.ObservedAt).ThenBy(row => row.Account.Name, ByCodePoint).LastOrDefault()?.Account.Name;
        return FormattableString.Invariant($"account {Label(names)} {name} {currency} {received.Min():u} {received.Max():u}");
    }

    private static readonly Comparer<string?> ByCodePoint = Comparer<string?>.Create((left, right) =>
        System.Text.Encoding.UTF8.GetBytes(left!).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(right!)));

    private static string Label(IEnumerable<string> names) => string.Join('+', names.Select(name => name[2..]).Order(StringComparer.Ordinal));

    private static DateTimeOffset ObservedAt(IDelivered message) => message.Delivery.Envelope!.ObservedAt;

    private static IEnumerable<AccountReference> Accounts(IDelivered message) => message switch
    {
        TransactionsDelivered transactions => transactions.Rows.Select(row => row.Account),
        TradesDelivered trades => trades.Rows.Select(row => row.Account),
        _ => [],
    };

    private static IEnumerable<(string Kind, RejectedRow Row)> Rejected(IDelivered message) => message switch
    {
        TransactionsDelivered transactions => transactions.Rejected.Select(row => ("transaction", row)),
        TradesDelivered trades => trades.Rejected.Select(row => ("trade", row)),
        _ => [],
    };

    private static string[] Names(AccountReference account) =>
        [.. new[] { account.ExternalId is { } id ? $"e:{id}" : null, account.PublicId is { } publicId ? $"p:{publicId}" : null }.OfType<string>()];

    private static string Of(Dictionary<string, string> accounts, AccountReference account) => Find(accounts, Names(account)[0]);

    private static void Join(Dictionary<string, string> accounts, string[] names)
    {
        foreach (var name in names)
            accounts.TryAdd(name, name);
        accounts[Find(accounts, names[0])] = Find(accounts, names[^1]);
    }

    private static string Find(Dictionary<string, string> accounts, string name)
    {
        while (accounts[name] != name)
            name = accounts[name];
        return name;
    }
}
