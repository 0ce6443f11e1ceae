using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Ledger;

/// <summary>Trades.</summary>
internal sealed class TradeTable() : RowTable<TradeRow>("trades", "trade", "{0}.observed_at, {0}.content_hash",
    [
        "type", "symbol", "name", "quantity", "price", "total_amount", "fees", "currency", "currency_assumed", "traded_on", "settled_on", "description",
    ])
{
    public static TradeTable Instance { get; } = new();

    public override Observation<TradeRow> Observe(TradeRow row, DateTimeOffset observedAt, Guid deliveryId, ContentHash hash, long? quarantineId = null)
    {
        row = Clean(row);
        return new Observation<TradeRow>
        {
            Row = row,
            Index = row.Index,
            Origin = row.Origin,
            Account = row.Account,
            ExternalId = row.ExternalId,
            Precedence = new Precedence(observedAt, false, hash.Of(row)),
            DeliveryId = deliveryId,
            OwnCurrency = row.Currency,
            QuarantineId = quarantineId,
        };
    }

    public override string ToJson(TradeRow row) => JsonSerializer.Serialize(row, LedgerJson.Default.TradeRow);

    public override TradeRow FromJson(string json) => JsonSerializer.Deserialize(json, LedgerJson.Default.TradeRow)!;

    protected override void AddContent(NpgsqlBatchCommand command, IReadOnlyList<Observation<TradeRow>> rows) => command
        .WithEach(rows, row => row.Row.Type, NpgsqlDbType.Text)
        .WithEach(rows, row => row.Row.Symbol, NpgsqlDbType.Text)
        .WithEach(rows, row => row.Row.Name, NpgsqlDbType.Text)
        .WithEach(rows, row => row.Row.Quantity, NpgsqlDbType.Numeric)
        .WithEach(rows, row => row.Row.Price, NpgsqlDbType.Numeric)
        .WithEach(rows, row => row.Row.TotalAmount, NpgsqlDbType.Numeric)
        .WithEach(rows, row => row.Row.Fees, NpgsqlDbType.Numeric)
        .WithEach(rows, row => row.Currency!, NpgsqlDbType.Text)
        .WithEach(rows, row => row.OwnCurrency is null, NpgsqlDbType.Boolean)
        .WithEach(rows, row => row.Row.TradedOn, NpgsqlDbType.Date)
        .WithEach(rows, row => row.Row.SettledOn, NpgsqlDbType.Date)
        .WithEach(rows, row => row.Row.Description, NpgsqlDbType.Text);

    private static TradeRow Clean(TradeRow row) => row with
    {
        ExternalId = Text.Identity(row.ExternalId),
        Account = Text.Clean(row.Account),
        Type = Text.Clean(row.Type),
        Symbol = Text.Clean(row.Symbol),
        Name = Text.Clean(row.Name),
        Description = Text.Clean(row.Description),
    };
}
