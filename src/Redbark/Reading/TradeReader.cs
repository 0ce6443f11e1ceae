using System.Text.Json;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire;

/// <summary>Reads trades (spec 2.3). No document lists their fields, so every one of them may be missing but id, account, type and a date.</summary>
internal sealed class TradeReader(TimeZoneInfo zone, UnknownFields unknown) : RowReader<TradeRow, TradeField>(unknown)
{
    protected override string? ReadId(out string? problem) => JsonText.ReadId(Fields[TradeField.Id], RowLimits.LongestId, out problem);

    protected override AccountReference? ReadAccount(out string? problem) => AccountReader.Read(
        Fields[TradeField.AccountId], Fields[TradeField.AccountPublicId], Fields[TradeField.AccountName], Fields[TradeField.Account], out problem);

    protected override TradeRow? ReadRow(string id, AccountReference account, int index, RowOrigin origin, out RowProblem? problem)
    {
        if (JsonText.ReadId(Fields[TradeField.Type], RowLimits.LongestId, out var typeProblem) is not { } type)
        {
            problem = new RowProblem(RowRejection.TypeMissing, $"type is {typeProblem}; a word such as buy or sell is expected");
            return null;
        }

        if (!TryReadFigure(TradeField.Quantity, "quantity", out var quantity, out problem)
            || !TryReadFigure(TradeField.Price, "price", out var price, out problem)
            || !TryReadFigure(TradeField.TotalAmount, "total_amount", out var totalAmount, out problem)
            || !TryReadFigure(TradeField.Fees, "fees", out var fees, out problem)
            || !TryReadCurrency(Fields[TradeField.Currency], out var currency, out problem))
            return null;

        var settledOn = WireMoment.Read(Fields[TradeField.SettlementDate]).In(zone);
        if ((WireMoment.Read(Fields[TradeField.TradeDate]).In(zone) ?? settledOn) is not { } tradedOn)
        {
            problem = new RowProblem(RowRejection.DateMissing, "neither trade_date nor settlement_date is a date or an instant");
            return null;
        }

        return new TradeRow
        {
            Index = index,
            Origin = origin,
            ExternalId = id,
            Account = account,
            Type = type.Trim().ToLowerInvariant(),
            Symbol = JsonText.ReadTrimmed(Fields[TradeField.Symbol]),
            Name = JsonText.Read(Fields[TradeField.Name]),
            Quantity = quantity,
            Price = price,
            TotalAmount = totalAmount,
            Fees = fees,
            Currency = currency,
            TradedOn = tradedOn,
            SettledOn = settledOn,
            Description = JsonText.Read(Fields[TradeField.Description]),
        };
    }

    private bool TryReadFigure(TradeField field, string name, out decimal? figure, out RowProblem? problem)
    {
        figure = null;
        problem = null;
        var element = Fields[field];
        if (element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null
            || (element.ValueKind is JsonValueKind.String && JsonText.Utf8(element).IsEmpty))
            return true;
        if (ExactDecimal.TryRead(element, out var number) && number.TryToDecimal(out var value))
        {
            figure = value;
            return true;
        }

        problem = new RowProblem(RowRejection.FigureInvalid, $"{name} is {JsonText.Describe(element)} that is not a decimal of at most 28 digits");
        return false;
    }
}
