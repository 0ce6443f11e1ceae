using System.Globalization;
using System.Text;
using Redbark.Sync.Worker.Api;
using Redbark.Sync.Worker.Export.Names;

namespace Redbark.Sync.Worker.Export.Formats;

/// <summary>Double entry in plain text: what hledger and Beancount have in common.</summary>
internal abstract class PlainTextFormat : IExportFormat
{
    protected const string DayFormat = "yyyy-MM-dd";

    private ExportHeader? _header;
    private AccountNames? _names;
    private Dictionary<string, string> _commodities = [];

    public StringBuilder Text { get; } = new();

    protected ExportHeader Header => _header!;

    protected AccountNames Names => _names!;

    public void Begin(ExportHeader header)
    {
        _header = header;
        _names = new AccountNames([.. header.Accounts.Values], header.Categories.Select(category => category.Category).OfType<string>(), header.Options, AccountPart);
        _commodities = CommoditiesOf(header.Securities.Select(security => security.Security));
        WriteHead(_commodities);
        WriteAccounts();
        foreach (var account in header.UnknownOpenings)
            Comment($"What {Names.Of(account)} held before its first row is not known: it begins at nothing, and no balance of the bank is asserted.");
        if (header.UnknownOpenings.Count > 0)
            Text.Append('\n');
        if (header.Openings.Count > 0)
            WriteEntry(header.OpenedOn, isPosted: true, null, "Opening balances", [], OpeningLegs());
    }

    public void Transaction(TransactionLine row)
    {
        var account = Header.Accounts[row.AccountId];
        WriteEntry(row.Day, row.IsPosted, row.MerchantName, row.Description, About(row),
        [
            new Leg(row.IsPosted ? Names.Of(account) : Names.PendingOf(account), Money(row.Amount, row.Currency), Source(row)),
            new Leg(Names.Of(row.Category, row.Amount < 0), Money(-row.Amount, row.Currency)),
        ]);
    }

    public void Transfer(TransactionLine from, TransactionLine to) =>
        WriteEntry(from.Day, isPosted: true, from.MerchantName, from.Description, About(from),
        [
            new Leg(Names.Of(Header.Accounts[from.AccountId]), Money(from.Amount, from.Currency), Source(from)),
            new Leg(Names.Of(Header.Accounts[to.AccountId]), Money(to.Amount, to.Currency), [.. Source(to), ("description", to.Description), ("reference", to.Reference)]),
        ]);

    public void Trade(TradeLine trade, TradeEffect? effect)
    {
        if (effect is null)
        {
            Comment($"{Day(trade.Day)} {Line(trade.Type)} of {Line(trade.Security)} ({Line(trade.ExternalId)}) moves no units.");
            Text.Append('\n');
            return;
        }

        var account = Names.Of(Header.Accounts[trade.AccountId]);
        var legs = new List<Leg>();
        (string, string?)[] source = [("id", trade.ExternalId), ("delivery", $"{trade.DeliveryId}")];
        foreach (var move in effect.Moves)
        {
            legs.Add(new Leg(account, Units(move, trade), source));
            if (move.Value is null)
                legs.Add(new Leg(AccountNames.Trades, $"{Number(-move.Quantity)} {_commodities[trade.Security]}"));
        }

        Add(AccountNames.Trades, effect.Cash);
        Add(AccountNames.Fees, effect.Fees);
        Add(AccountNames.Gains, -effect.Gain);
        WriteEntry(trade.Day, isPosted: true, null, $"{trade.Type} {trade.Name ?? trade.Security}",
            [("price", Number(trade.Price)), ("total", Number(trade.TotalAmount)), ("settled-on", trade.SettledOn is { } day ? Day(day) : null), ("description", trade.Description)], legs);

        void Add(string name, decimal amount)
        {
            if (amount != 0)
                legs.Add(new Leg(name, Money(amount, trade.Currency)));
        }
    }

    public abstract void Balance(BalanceCheck check);

    public void End(long entries) => Comment($"end: {entries} lines");

    protected abstract Dictionary<string, string> CommoditiesOf(IEnumerable<string> securities);

    protected abstract string AccountPart(string? text);

    protected abstract void WriteHead(IReadOnlyDictionary<string, string> commodities);

    protected abstract void WriteAccount(string name, ExportedAccount? account);

    protected abstract void WriteEntry(DateOnly day, bool isPosted, string? payee, string? narration, IEnumerable<(string Name, string? Value)> about, IEnumerable<Leg> legs);

    /// <summary>Units of a security with what they cost, or fetched.</summary>
    protected abstract string Units(decimal quantity, string commodity, Lot? lot, decimal? value, string currency, TradeLine? trade);

    protected static string Money(decimal amount, string currency) => $"{DecimalText.OfMoney(amount, currency)} {currency}";

    protected static string Day(DateOnly day) => day.ToString(DayFormat, CultureInfo.InvariantCulture);

    /// <summary>Without zeros that say nothing.</summary>
    protected static string? Number(decimal? number)
    {
        var text = number?.ToString(CultureInfo.InvariantCulture);
        return text is null || !text.Contains('.', StringComparison.Ordinal) ? text : text.TrimEnd('0').TrimEnd('.');
    }

    /// <summary>Text that stays on its line: what controls a terminal or turns the direction of writing is a space here.</summary>
    protected static string Line(string? text) => Writing.OneLine(text);

    protected void Comment(string text) => Text.Append("; ").Append(text).Append('\n');

    private void WriteAccounts()
    {
        foreach (var account in Header.Accounts.Values)
            WriteAccount(Names.Of(account), account);
        if (Header.Request.Pending)
        {
            foreach (var account in Header.Accounts.Values)
                WriteAccount(Names.PendingOf(account), null);
        }

        foreach (var name in (string[])[AccountNames.Openings, AccountNames.Trades, AccountNames.Fees, AccountNames.Gains])
            WriteAccount(name, null);
        foreach (var name in Header.Categories.Select(category => Names.Of(category.Category, category.IsOut)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            WriteAccount(name, null);
        Text.Append('\n');
    }

    private IEnumerable<Leg> OpeningLegs()
    {
        foreach (var line in Header.Openings)
        {
            var account = Names.Of(line.Account);
            if (!line.IsSecurity)
            {
                yield return new Leg(account, Money(line.Amount, line.Commodity));
                yield return new Leg(AccountNames.Openings, Money(-line.Amount, line.Commodity));
                continue;
            }

            yield return new Leg(account, Units(line.Amount, _commodities[line.Commodity], line.Lot, line.Lot?.Cost, line.Lot?.Currency ?? "", null));
            yield return new Leg(AccountNames.Openings, line.Lot is { } lot ? Money(-lot.Cost, lot.Currency) : $"{Number(-line.Amount)} {_commodities[line.Commodity]}");
        }
    }

    private string Units(Move move, TradeLine trade) => Units(move.Quantity, _commodities[trade.Security], move.Lot, move.Value, trade.Currency, trade);

    private static (string, string?)[] About(TransactionLine row) =>
    [
        ("reference", row.Reference), ("category", row.Category),
        ("occurred-at", row.OccurredAt?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFK", CultureInfo.InvariantCulture)),
    ];

    private static (string, string?)[] Source(TransactionLine row) => [("id", row.ExternalId), ("delivery", $"{row.DeliveryId}")];

    /// <summary>One side of an entry.</summary>
    /// <param name="Account">Its name.</param>
    /// <param name="Amount">With its commodity.</param>
    /// <param name="About">Metadata; what is null is left out.</param>
    protected sealed record Leg(string Account, string Amount, IReadOnlyList<(string Name, string? Value)>? About = null);
}
