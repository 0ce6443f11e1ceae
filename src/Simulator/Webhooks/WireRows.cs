using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Simulator.Webhooks;

/// <summary>Turns rows of the bank into rows of the wire (spec 2.2, 2.3).</summary>
internal sealed class WireRows(SimulatedBank bank)
{
    private readonly Dictionary<Guid, BankAccount> _accounts = bank.Accounts.ToDictionary(account => account.Id);

    public IWireRow Of(BankTransaction row, BankTransaction? before = null)
    {
        var wire = Transaction(row);
        if (before is not null)
            wire = wire with { PreviousAttributes = Changes(Transaction(before), wire) };
        return row.Shape.HasFlag(RowShape.Old) ? new OldRow(wire) : wire;
    }

    public IWireRow Of(BankTrade trade)
    {
        var account = _accounts[trade.AccountId];
        return new WireTrade
        {
            Id = trade.Id,
            AccountId = account.Id.ToString(),
            AccountPublicId = account.PublicId,
            AccountName = account.Name,
            Symbol = trade.Symbol,
            Name = trade.Name,
            Type = trade.Type,
            Quantity = trade.Quantity.ToString(CultureInfo.InvariantCulture),
            Price = trade.Price.ToString(CultureInfo.InvariantCulture),
            Currency = trade.Currency,
            TotalAmount = trade.TotalAmount.ToString(CultureInfo.InvariantCulture),
            Fees = trade.Fees.ToString(CultureInfo.InvariantCulture),
            TradeDate = WireTime.Date(trade.TradeDate),
            SettlementDate = WireTime.Date(trade.SettlementDate),
        };
    }

    private WireTransaction Transaction(BankTransaction row)
    {
        var account = _accounts[row.AccountId];
        return new WireTransaction
        {
            Id = row.Id,
            Amount = row.MinorUnits,
            Currency = row.Shape.HasFlag(RowShape.NullCurrency) ? null
                : row.Shape.HasFlag(RowShape.UpperCaseCurrency) ? account.Currency
                : account.Currency.ToLowerInvariant(),
            Status = row.Status == TransactionStatus.Posted ? "posted" : "pending",
            Description = row.Description,
            Direction = row.Direction,
            Class = row.Class,
            AccountId = account.Id.ToString(),
            AccountPublicId = account.PublicId,
            AccountName = account.Name,
            LocalDate = WireTime.Date(bank.DateOf(row.OccurredAt)),
            TransactionDate = Date(row.OccurredAt, row.Shape),
            PostDate = row.PostedAt is { } at ? Date(at, row.Shape) : null,
            MerchantName = row.MerchantName,
            Category = row.Category,
            CustomCategory = row.CustomCategory,
            MerchantCategoryCode = row.MerchantCategoryCode,
            Reference = row.Reference,
            ExtendedDescription = row.ExtendedDescription,
        };
    }

    private string? Date(DateTimeOffset at, RowShape shape) =>
        shape.HasFlag(RowShape.Old) ? WireTime.Date(bank.DateOf(at))
        : shape.HasFlag(RowShape.DayOnly) ? null
        : WireTime.Instant(at);

    private static JsonObject Changes(WireTransaction before, WireTransaction after)
    {
        var changes = new JsonObject();
        Note("amount", before.Amount, after.Amount);
        Note("status", before.Status, after.Status);
        Note("description", before.Description, after.Description);
        Note("transaction_date", before.TransactionDate, after.TransactionDate);
        Note("post_date", before.PostDate, after.PostDate);
        Note("merchant_name", before.MerchantName, after.MerchantName);
        Note("category", before.Category, after.Category);
        Note("custom_category", before.CustomCategory, after.CustomCategory);
        return changes;

        void Note<T>(string name, T was, T now)
        {
            if (!EqualityComparer<T>.Default.Equals(was, now))
                changes[name] = JsonValue.Create(was);
        }
    }

    private sealed record OldRow(WireTransaction Row) : IWireRow
    {
        public void WriteTo(Utf8JsonWriter writer, WireShape shape) => Row.WriteTo(writer, WireShape.DocsV1);
    }
}
