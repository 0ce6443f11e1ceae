using System.Text.Json;
using System.Text.Json.Nodes;

namespace Redbark.Sync.Wire;

/// <summary>A transaction row as the sender writes it (spec 2.2). What is null is written as <c>null</c>.</summary>
public sealed record WireTransaction : IWireRow
{
    /// <summary><c>id</c>.</summary>
    public required string Id { get; init; }

    /// <summary><c>amount</c>: signed minor units; negative is money out.</summary>
    public required long Amount { get; init; }

    /// <summary><c>currency</c>, lower case.</summary>
    public string? Currency { get; init; } = "aud";

    /// <summary><c>status</c>: <c>posted</c> or <c>pending</c>.</summary>
    public string? Status { get; init; } = "posted";

    /// <summary><c>description</c>.</summary>
    public string? Description { get; init; }

    /// <summary><c>direction</c>; when null, what the sign of the amount says (zero is a debit, spec 7.2).</summary>
    public string? Direction { get; init; }

    /// <summary><c>class</c>.</summary>
    public string? Class { get; init; } = "payment";

    /// <summary><c>account_id</c>.</summary>
    public string? AccountId { get; init; }

    /// <summary><c>account_public_id</c>; newest shape only.</summary>
    public string? AccountPublicId { get; init; }

    /// <summary><c>account_name</c>, and its alias <c>account</c>.</summary>
    public string? AccountName { get; init; }

    /// <summary><c>local_date</c>; newest shape only.</summary>
    public string? LocalDate { get; init; }

    /// <summary><c>transaction_date</c>: a date or an instant (<see cref="WireTime"/>).</summary>
    public string? TransactionDate { get; init; }

    /// <summary><c>post_date</c>: a date or an instant (<see cref="WireTime"/>).</summary>
    public string? PostDate { get; init; }

    /// <summary><c>merchant_name</c>.</summary>
    public string? MerchantName { get; init; }

    /// <summary><c>category</c>.</summary>
    public string? Category { get; init; }

    /// <summary><c>custom_category</c>; newest shape only.</summary>
    public string? CustomCategory { get; init; }

    /// <summary><c>merchant_category_code</c>.</summary>
    public string? MerchantCategoryCode { get; init; }

    /// <summary><c>reference</c>; newest shape only.</summary>
    public string? Reference { get; init; }

    /// <summary><c>extended_description</c>; newest shape only.</summary>
    public string? ExtendedDescription { get; init; }

    /// <summary><c>previous_attributes</c>; left out when null (spec 2.2).</summary>
    public JsonObject? PreviousAttributes { get; init; }

    /// <inheritdoc/>
    public void WriteTo(Utf8JsonWriter writer, WireShape shape)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var newest = shape is WireShape.Newest;

        writer.WriteStartObject();
        writer.WriteString("id", Id);
        writer.WriteString("object", "transaction");
        writer.WriteNumber("amount", Amount);
        writer.WriteString("currency", Currency);
        writer.WriteString("status", Status);
        writer.WriteString("description", Description);
        writer.WriteString("direction", Direction ?? (Amount > 0 ? "credit" : "debit"));
        writer.WriteString("class", Class);
        writer.WriteString("account_id", AccountId);
        if (newest)
            writer.WriteString("account_public_id", AccountPublicId);
        writer.WriteString("account_name", AccountName);
        writer.WriteString("account", AccountName);
        if (newest)
            writer.WriteString("local_date", LocalDate);
        writer.WriteString("transaction_date", TransactionDate);
        writer.WriteString("post_date", PostDate);
        writer.WriteString("merchant_name", MerchantName);
        writer.WriteString("category", Category);
        if (newest)
            writer.WriteString("custom_category", CustomCategory);
        writer.WriteString("merchant_category_code", MerchantCategoryCode);
        if (newest)
        {
            writer.WriteString("reference", Reference);
            writer.WriteString("extended_description", ExtendedDescription);
        }

        if (PreviousAttributes is not null)
        {
            writer.WritePropertyName("previous_attributes");
            PreviousAttributes.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}
