using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Api;
using Redbark.Sync.Worker.Export.Names;

namespace Redbark.Sync.Worker.Export.Formats;

/// <summary>The journal of hledger, in the part of it that Ledger reads too.</summary>
internal sealed class HledgerFormat : PlainTextFormat
{
    public override void Balance(BalanceCheck check)
    {
        var currency = check.Account.Currency!;
        Text.Append(Day(check.EndOf)).Append(" * Balance at the bank\n");
        Tags([("observed-at", $"{check.ObservedAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssK}")]);
        Text.Append("    ").Append(Names.Of(check.Account)).Append("    ").Append(Money(0, currency)).Append(" = ").Append(Money(check.Amount, currency)).Append("\n\n");
    }

    protected override Dictionary<string, string> CommoditiesOf(IEnumerable<string> securities) => CommodityNames.Hledger(securities);

    protected override string AccountPart(string? text) => Export.Names.AccountPart.Hledger(text);

    protected override void WriteHead(IReadOnlyDictionary<string, string> commodities)
    {
        Comment("The ledger as an hledger journal. Cash of trades stands in Equity:Trades: which account it left or reached is not told.");
        Text.Append('\n');
        foreach (var currency in Header.Currencies)
        {
            Text.Append("commodity ").Append(currency).Append('\n');
            // Ledger does not take a format without decimals, and hledger none without a decimal mark.
            if (Currencies.TryGetExponent(currency, out var decimals) && decimals > 0)
                Text.Append("  format ").Append(DecimalText.OfMoney(1000m, currency)).Append(' ').Append(currency).Append('\n');
        }

        foreach (var (security, decimals) in Header.Securities)
        {
            Text.Append("commodity ").Append(commodities[security]).Append('\n');
            Text.Append("  format 1000.").Append('0', Math.Max(1, decimals)).Append(' ').Append(commodities[security]).Append('\n');
        }

        Text.Append('\n');
    }

    protected override void WriteAccount(string name, ExportedAccount? account)
    {
        Text.Append("account ").Append(name).Append('\n');
        if (account is not null)
            Tags([("account", account.Key), ("name", account.Name)], "  ");
    }

    protected override void WriteEntry(DateOnly day, bool isPosted, string? payee, string? narration, IEnumerable<(string Name, string? Value)> about, IEnumerable<Leg> legs)
    {
        Text.Append(Day(day)).Append(isPosted ? " *" : " !");
        var (who, what) = (Words(payee), Words(narration));
        var words = who.Length == 0 ? what : what.Length == 0 || who == what ? who : $"{who} | {what}";
        // What begins with a bracket would be read as the entry's code.
        if (words.StartsWith('('))
            Text.Append(" ()");
        if (words.Length > 0)
            Text.Append(' ').Append(words);
        Text.Append('\n');
        Tags(about);
        foreach (var leg in legs)
        {
            Text.Append("    ").Append(leg.Account).Append("    ").Append(leg.Amount).Append('\n');
            Tags(leg.About ?? []);
        }

        Text.Append('\n');
    }

    protected override string Units(decimal quantity, string commodity, Lot? lot, decimal? value, string currency, TradeLine? trade) =>
        value is null ? $"{Number(quantity)} {commodity}" : $"{Number(quantity)} {commodity} @@ {Money(value.Value, currency)}";

    // A semicolon begins a comment and a bar parts payee and note.
    private static string Words(string? text) => Line(text).Replace(';', ',').Replace('|', '/');

    // A comma ends a tag's value, and what stands in square brackets may be read as a date.
    private void Tags(IEnumerable<(string Name, string? Value)> tags, string indent = "    ")
    {
        foreach (var (name, value) in tags)
        {
            if (!string.IsNullOrEmpty(value))
                Text.Append(indent).Append("; ").Append(name).Append(": ").Append(Writing.Encoded(value, rune => rune.Value is ',' or ';' or '[' or ']')).Append('\n');
        }
    }
}
