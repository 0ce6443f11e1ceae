using System.Globalization;
using System.Text;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Export.Names;

namespace Redbark.Sync.Worker.Export.Formats;

/// <summary>Beancount 2 and 3.</summary>
internal sealed class BeancountFormat : PlainTextFormat
{
    public override void Balance(BalanceCheck check)
    {
        // Beancount looks at the beginning of the day that it is told, and counts what lies below the account.
        if (check.EndOf == DateOnly.MaxValue || Names.IsParent(check.Account))
            return;
        Text.Append(Day(check.EndOf.AddDays(1))).Append(" balance ").Append(Names.Of(check.Account)).Append("  ").Append(Money(check.Amount, check.Account.Currency!)).Append('\n');
        About([("observed-at", $"{check.ObservedAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssK}")], "  ");
        Text.Append('\n');
    }

    protected override Dictionary<string, string> CommoditiesOf(IEnumerable<string> securities) => CommodityNames.Beancount(securities);

    protected override string AccountPart(string? text) => Export.Names.AccountPart.Beancount(text);

    protected override void WriteHead(IReadOnlyDictionary<string, string> commodities)
    {
        Comment("The ledger in Beancount's language. Cash of trades stands in Equity:Trades: which account it left or reached is not told.");
        Text.Append("option \"title\" \"Redbark.Sync\"\n");
        foreach (var currency in Header.Currencies)
        {
            Text.Append("option \"operating_currency\" ").Append(Quoted(currency)).Append('\n');
            // Half a minor unit: what a lot's price a unit is off by, where it has no end. Whole numbers would allow nothing at all.
            if (Currencies.TryGetExponent(currency, out var decimals))
                Text.Append("option \"inferred_tolerance_default\" ").Append(Quoted($"{currency}:{new decimal(5, 0, 0, false, (byte)(decimals + 1)).ToString(CultureInfo.InvariantCulture)}")).Append('\n');
        }

        Text.Append('\n');
        foreach (var (security, commodity) in commodities.OrderBy(pair => pair.Value, StringComparer.Ordinal))
        {
            Text.Append(Day(Header.OpenedOn)).Append(" commodity ").Append(commodity).Append('\n');
            About([("name", security)], "  ");
        }

        if (commodities.Count > 0)
            Text.Append('\n');
    }

    protected override void WriteAccount(string name, ExportedAccount? account)
    {
        Text.Append(Day(Header.OpenedOn)).Append(" open ").Append(name).Append('\n');
        if (account is not null)
            About([("account", account.Key), ("name", account.Name)], "  ");
    }

    protected override void WriteEntry(DateOnly day, bool isPosted, string? payee, string? narration, IEnumerable<(string Name, string? Value)> about, IEnumerable<Leg> legs)
    {
        Text.Append(Day(day)).Append(isPosted ? " * " : " ! ");
        if (Line(payee) is { Length: > 0 } who)
            Text.Append(Quoted(who)).Append(' ');
        Text.Append(Quoted(Line(narration))).Append('\n');
        About(about, "  ");
        foreach (var leg in legs)
        {
            Text.Append("  ").Append(leg.Account).Append("  ").Append(leg.Amount).Append('\n');
            About(leg.About ?? [], "    ");
        }

        Text.Append('\n');
    }

    protected override string Units(decimal quantity, string commodity, Lot? lot, decimal? value, string currency, TradeLine? trade)
    {
        var units = $"{Number(quantity)} {commodity}";
        if (lot is null)
            return value is null ? units : $"{units} @@ {Money(value.Value, currency)}";
        var name = $"{Day(lot.Day)}, {Quoted(Exact(lot.Label))}";
        var price = trade?.Price is { } each and >= 0 ? $" @ {Number(each)} {currency}" : "";
        return quantity > 0 ? $"{units} {{{{{Money(value!.Value, currency)}, {name}}}}}" : $"{units} {{{name}}}{price}";
    }

    private void About(IEnumerable<(string Name, string? Value)> about, string indent)
    {
        foreach (var (name, value) in about)
        {
            if (!string.IsNullOrEmpty(value))
                Text.Append(indent).Append(name).Append(": ").Append(Quoted(Exact(value))).Append('\n');
        }
    }

    private static string Exact(string text) => Writing.Encoded(text, _ => false);

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
