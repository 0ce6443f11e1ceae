using Redbark.Sync.Worker.Api.Trades;
using Redbark.Sync.Worker.Console.Components;
using Redbark.Sync.Worker.Console.Versions;

namespace Redbark.Sync.Worker.Console.Trades;

/// <summary>Trades as people read them.</summary>
internal static class TradeWords
{
    public static string Instrument(string? symbol, string? name) => symbol ?? name ?? "unnamed";

    public static string Kind(string type) => type switch { "buy" => "good", "sell" => "info", _ => "quiet" };

    public static ShownVersion Shown(TradeRevision version) =>
        new(version.Revision, version.ObservedAt, version.RecordedAt, version.SupersededAt, version.DeliveryId, version.Removed,
        [
            new("Type", version.Type),
            new("Symbol", version.Symbol),
            new("Name", version.Name),
            new("Units", Grouped(version.Quantity)),
            new("Price", Money(version.Price, version.Currency)),
            new("Total", Money(version.TotalAmount, version.Currency)),
            new("Fees", Money(version.Fees, version.Currency)),
            new("Traded", version.TradedOn.ToString("yyyy-MM-dd")),
            new("Settled", version.SettledOn?.ToString("yyyy-MM-dd")),
            new("Text", version.Description),
            new("The broker's id", version.ExternalId),
            new("Account", $"{version.AccountId}"),
        ]);

    private static string? Grouped(string? figure) => figure is null ? null : Figures.Grouped(figure);

    private static string? Money(string? amount, string currency) => amount is null ? null : $"{Figures.Grouped(amount)} {currency}";
}
