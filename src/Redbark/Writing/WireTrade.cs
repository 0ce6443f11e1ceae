using System.Text.Json;

namespace Redbark.Sync.Wire;

/// <summary>A trade row as the sender writes it (spec 2.3). Figures are decimal strings; what is null is written as <c>null</c>.</summary>
public sealed record WireTrade : IWireRow
{
    /// <summary><c>id</c>.</summary>
    public required string Id { get; init; }

    /// <summary><c>account_id</c>.</summary>
    public string? AccountId { get; init; }

    /// <summary><c>account_public_id</c>; newest shape only, and left out when null.</summary>
    public string? AccountPublicId { get; init; }

    /// <summary><c>account_name</c>.</summary>
    public string? AccountName { get; init; }

    /// <summary><c>symbol</c>.</summary>
    public string? Symbol { get; init; }

    /// <summary><c>name</c>.</summary>
    public string? Name { get; init; }

    /// <summary><c>type</c>: <c>buy</c>, <c>sell</c>.</summary>
    public string? Type { get; init; } = "buy";

    /// <summary><c>quantity</c>.</summary>
    public string? Quantity { get; init; }

    /// <summary><c>price</c>.</summary>
    public string? Price { get; init; }

    /// <summary><c>currency</c>.</summary>
    public string? Currency { get; init; }

    /// <summary><c>total_amount</c>.</summary>
    public string? TotalAmount { get; init; }

    /// <summary><c>fees</c>.</summary>
    public string? Fees { get; init; }

    /// <summary><c>trade_date</c>.</summary>
    public string? TradeDate { get; init; }

    /// <summary><c>settlement_date</c>.</summary>
    public string? SettlementDate { get; init; }

    /// <summary><c>description</c>.</summary>
    public string? Description { get; init; }

    /// <inheritdoc/>
    public void WriteTo(Utf8JsonWriter writer, WireShape shape)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("id", Id);
        writer.WriteString("object", "trade");
        writer.WriteString("account_id", AccountId);
        if (shape is WireShape.Newest && AccountPublicId is not null)
            writer.WriteString("account_public_id", AccountPublicId);
        writer.WriteString("account_name", AccountName);
        writer.WriteString("symbol", Symbol);
        writer.WriteString("name", Name);
        writer.WriteString("type", Type);
        writer.WriteString("quantity", Quantity);
        writer.WriteString("price", Price);
        writer.WriteString("currency", Currency);
        writer.WriteString("total_amount", TotalAmount);
        writer.WriteString("fees", Fees);
        writer.WriteString("trade_date", TradeDate);
        writer.WriteString("settlement_date", SettlementDate);
        writer.WriteString("description", Description);
        writer.WriteEndObject();
    }
}
