using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using CsvHelper.Configuration.Attributes;
using Redbark.Sync.Worker.Api;

namespace Redbark.Sync.Worker.Export.Formats;

/// <summary>
/// One line a row of the ledger, RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe before it; figures are
/// as they are.
/// </summary>
internal sealed class CsvFormat : IExportFormat, IDisposable
{
    private static readonly CsvConfiguration Configuration = new(CultureInfo.InvariantCulture) { HasHeaderRecord = true };

    private readonly CsvWriter _csv;
    private ExportHeader? _header;

    public CsvFormat() => _csv = new CsvWriter(new StringWriter(Text, CultureInfo.InvariantCulture), Configuration);

    public StringBuilder Text { get; } = new();

    public void Begin(ExportHeader header)
    {
        _header = header;
        _csv.WriteHeader<Row>();
        _csv.NextRecord();
        foreach (var line in header.Openings)
        {
            var row = new Row { Kind = "opening", Date = Day(header.OpenedOn), AccountId = Words(line.Account.Key), Account = Words(line.Account.Name), Status = "posted" };
            Write(line.IsSecurity
                ? row with { Security = Words(line.Commodity), Quantity = Number(line.Amount), Total = line.Lot?.Cost is { } cost ? DecimalText.OfMoney(cost, line.Lot.Currency) : null, Currency = line.Lot?.Currency, Id = Words(line.Lot?.Label) }
                : row with { Amount = DecimalText.OfMoney(line.Amount, line.Commodity), Currency = line.Commodity });
        }

        _csv.Flush();
    }

    public void Transaction(TransactionLine row) => Write(row, null);

    public void Transfer(TransactionLine from, TransactionLine to)
    {
        Write(from, to);
        Write(to, from);
    }

    public void Trade(TradeLine trade, TradeEffect? effect)
    {
        Write(Of(trade) with
        {
            Kind = "trade",
            Status = "posted",
            Type = Words(trade.Type),
            Security = Words(trade.Security),
            Payee = Words(trade.Name),
            Quantity = Number(trade.Quantity),
            Price = Number(trade.Price),
            Total = Number(trade.TotalAmount),
            Fees = Number(trade.Fees),
            SettledOn = trade.SettledOn is { } day ? Day(day) : null,
        });
        _csv.Flush();
    }

    public void Balance(BalanceCheck check)
    {
        Write(new Row
        {
            Kind = "balance",
            Date = Day(check.EndOf),
            AccountId = Words(check.Account.Key),
            Account = Words(check.Account.Name),
            Amount = DecimalText.OfMoney(check.Amount, check.Account.Currency!),
            Currency = check.Account.Currency,
            OccurredAt = Instant(check.ObservedAt),
        });
        _csv.Flush();
    }

    public void End(long entries) => _csv.Flush();

    public void Dispose() => _csv.Dispose();

    private void Write(TransactionLine line, TransactionLine? other)
    {
        // The other side of a transfer may be an account that was not asked for.
        if (_header!.Request.AccountId is { } only && only != line.AccountId)
            return;
        Write(Of(line) with
        {
            Kind = "transaction",
            Status = line.IsPosted ? "posted" : "pending",
            Amount = DecimalText.OfMoney(line.Amount, line.Currency),
            Payee = Words(line.MerchantName),
            Category = Words(line.Category),
            Reference = Words(line.Reference),
            OccurredAt = line.OccurredAt is { } at ? Instant(at) : null,
            TransferAccountId = other is null ? null : Words(_header.Accounts[other.AccountId].Key),
            TransferId = Words(other?.ExternalId),
        });
        _csv.Flush();
    }

    private Row Of(ExportLine line) => new()
    {
        Date = Day(line.Day),
        AccountId = Words(_header!.Accounts[line.AccountId].Key),
        Account = Words(_header.Accounts[line.AccountId].Name),
        Id = Words(line.ExternalId),
        Currency = line.Currency,
        Description = Words(line.Description),
        Delivery = $"{line.DeliveryId}",
    };

    private void Write(Row row)
    {
        _csv.WriteRecord(row);
        _csv.NextRecord();
    }

    // CsvHelper's own guard would change negative figures too.
    private static string? Words(string? text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '\'', ..] ? $"'{text}" : text;

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFK", CultureInfo.InvariantCulture);

    private static string? Number(decimal? number) => number?.ToString(CultureInfo.InvariantCulture);

    /// <summary>The columns, in their order.</summary>
    private sealed record Row
    {
        [Name("kind")] public string? Kind { get; init; }
        [Name("date")] public string? Date { get; init; }
        [Name("account_id")] public string? AccountId { get; init; }
        [Name("account")] public string? Account { get; init; }
        [Name("id")] public string? Id { get; init; }
        [Name("status")] public string? Status { get; init; }
        [Name("amount")] public string? Amount { get; init; }
        [Name("currency")] public string? Currency { get; init; }
        [Name("payee")] public string? Payee { get; init; }
        [Name("description")] public string? Description { get; init; }
        [Name("category")] public string? Category { get; init; }
        [Name("reference")] public string? Reference { get; init; }
        [Name("occurred_at")] public string? OccurredAt { get; init; }
        [Name("transfer_account_id")] public string? TransferAccountId { get; init; }
        [Name("transfer_id")] public string? TransferId { get; init; }
        [Name("type")] public string? Type { get; init; }
        [Name("security")] public string? Security { get; init; }
        [Name("quantity")] public string? Quantity { get; init; }
        [Name("price")] public string? Price { get; init; }
        [Name("total")] public string? Total { get; init; }
        [Name("fees")] public string? Fees { get; init; }
        [Name("settled_on")] public string? SettledOn { get; init; }
        [Name("delivery")] public string? Delivery { get; init; }
    }
}
