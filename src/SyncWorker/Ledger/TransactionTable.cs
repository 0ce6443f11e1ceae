using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Ledger;

/// <summary>Transactions.</summary>
internal sealed class TransactionTable() : RowTable<TransactionRow>("transactions", "transaction",
    "{0}.observed_at, {0}.status = 'posted', {0}.content_hash",
    [
        "status", "amount", "currency", "currency_assumed", "booked_on", "posted_on", "occurred_at", "description", "extended_description",
        "merchant_name", "category", "custom_category", "merchant_category_code", "reference", "class",
    ])
{
    public static TransactionTable Instance { get; } = new();

    public override Observation<TransactionRow> Observe(TransactionRow row, DateTimeOffset observedAt, Guid deliveryId, ContentHash hash, long? quarantineId = null)
    {
        row = Clean(row);
        return new Observation<TransactionRow>
        {
            Row = row,
            Index = row.Index,
            Origin = row.Origin,
            Account = row.Account,
            ExternalId = row.ExternalId,
            Precedence = new Precedence(observedAt, row.Status == TransactionStatus.Posted, hash.Of(row)),
            DeliveryId = deliveryId,
            OwnCurrency = row.Currency,
            QuarantineId = quarantineId,
        };
    }

    public override string ToJson(TransactionRow row) => JsonSerializer.Serialize(row, LedgerJson.Default.TransactionRow);

    public override TransactionRow FromJson(string json) => JsonSerializer.Deserialize(json, LedgerJson.Default.TransactionRow)!;

    protected override void AddContent(NpgsqlBatchCommand command, IReadOnlyList<Observation<TransactionRow>> rows) => command
        .WithEach(rows, row => row.Row.Status == TransactionStatus.Posted ? "posted" : "pending", NpgsqlDbType.Text)
        .WithEach(rows, row => Money.FromMinorUnits(row.Row.MinorUnits, row.Currency!).Amount, NpgsqlDbType.Numeric)
        .WithEach(rows, row => row.Currency!, NpgsqlDbType.Text)
        .WithEach(rows, row => row.OwnCurrency is null, NpgsqlDbType.Boolean)
        .WithEach(rows, row => row.Row.BookedOn, NpgsqlDbType.Date)
        .WithEach(rows, row => row.Row.PostedOn, NpgsqlDbType.Date)
        .WithEach(rows, row => row.Row.OccurredAt?.UtcDateTime, NpgsqlDbType.TimestampTz)
        .WithEach(rows, row => row.Row.Description, NpgsqlDbType.Text)
        .WithEach(rows, row => row.Row.ExtendedDescription, NpgsqlDbType.Text)
        .WithEach(rows, row => row.Row.MerchantName, NpgsqlDbType.Text)
        .WithEach(rows, row => row.Row.Category, NpgsqlDbType.Text)
        .WithEach(rows, row => row.Row.CustomCategory, NpgsqlDbType.Text)
        .WithEach(rows, row => row.Row.MerchantCategoryCode, NpgsqlDbType.Text)
        .WithEach(rows, row => row.Row.Reference, NpgsqlDbType.Text)
        .WithEach(rows, row => row.Row.Class, NpgsqlDbType.Text);

    private static TransactionRow Clean(TransactionRow row)
    {
        var dirty = Text.IsDirty(row.Description) || Text.IsDirty(row.ExtendedDescription) || Text.IsDirty(row.MerchantName) || Text.IsDirty(row.Category)
            || Text.IsDirty(row.CustomCategory) || Text.IsDirty(row.MerchantCategoryCode) || Text.IsDirty(row.Reference) || Text.IsDirty(row.Class)
            || Text.IsDirty(row.ExternalId) || Text.IsDirty(row.Account);
        return !dirty ? row : row with
        {
            ExternalId = Text.Identity(row.ExternalId),
            Account = Text.Clean(row.Account),
            Description = Text.Clean(row.Description),
            ExtendedDescription = Text.Clean(row.ExtendedDescription),
            MerchantName = Text.Clean(row.MerchantName),
            Category = Text.Clean(row.Category),
            CustomCategory = Text.Clean(row.CustomCategory),
            MerchantCategoryCode = Text.Clean(row.MerchantCategoryCode),
            Reference = Text.Clean(row.Reference),
            Class = Text.Clean(row.Class),
        };
    }
}
